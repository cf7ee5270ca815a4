using System.Text.Json;
using CogniForge.Serving.Tests.Models;
using CogniForge.Serving.Tests.Servers;

namespace CogniForge.Serving.Tests.Tracking;

/// <summary>Registered models by MLflow's API; the expected messages follow <c>model_registry.proto</c>.</summary>
[Trait("Category", "Servers")]
public sealed class MlflowRegistryTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Models_RegisteredByMlflow_AreNativeModels(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var mlflow = new MlflowClient(service.Client);
        var registry = new RegistryClient(service.Client);

        var model = await mlflow.PostAsync(
            "registered-models/create",
            """{ "name": "Churn_Model", "tags": [{ "key": "team", "value": "growth" }], "description": "Leavers" }"""
        );
        Assert.Equal(
            ["creation_timestamp", "description", "last_updated_timestamp", "name", "tags"],
            model.GetProperty("registered_model").EnumerateObject().Select(m => m.Name).Order()
        );
        var twice = await mlflow.PostAsync("registered-models/create", """{ "name": "Churn_Model" }""", 400);
        Assert.Equal("RESOURCE_ALREADY_EXISTS", MlflowClient.Describe(twice));

        var version = (
            await mlflow.PostAsync(
                "model-versions/create",
                """{ "name": "Churn_Model", "source": "s3://models/1", "run_id": "abc", "description": "first" }"""
            )
        ).GetProperty("model_version");
        Assert.Equal(
            ("1", "None", "READY", "abc", "s3://models/1"),
            (
                version.GetProperty("version").GetString(),
                version.GetProperty("current_stage").GetString(),
                version.GetProperty("status").GetString(),
                version.GetProperty("run_id").GetString(),
                version.GetProperty("source").GetString()
            )
        );
        Assert.Equal(JsonValueKind.Number, version.GetProperty("creation_timestamp").ValueKind);
        await mlflow.PostAsync("model-versions/create", """{ "name": "Churn_Model", "source": "s3://models/2" }""");

        await mlflow.PostAsync(
            "registered-models/alias",
            """{ "name": "Churn_Model", "alias": "champion", "version": "2" }"""
        );
        Assert.Equal(
            2,
            (await registry.ReadAsync(200, "GET", "/Churn_Model/aliases/champion")).GetProperty("version").GetInt32()
        );
        await registry.MoveAsync("Churn_Model", "champion", 1);
        var byAlias = (await mlflow.GetAsync("registered-models/alias?name=Churn_Model&alias=champion")).GetProperty(
            "model_version"
        );
        Assert.Equal(
            ("1", """["champion"]"""),
            (byAlias.GetProperty("version").GetString(), byAlias.GetProperty("aliases").GetRawText())
        );
        var native = await registry.ReadAsync(200, "GET", "/Churn_Model/versions/1");
        Assert.Equal(
            ("external", "first"),
            (native.GetProperty("kind").GetString(), native.GetProperty("description").GetString())
        );

        var refused = await mlflow.SendAsync(
            HttpMethod.Delete,
            "model-versions/delete",
            """{ "name": "Churn_Model", "version": "1" }""",
            409
        );
        Assert.Equal("RESOURCE_CONFLICT", MlflowClient.Describe(refused));
        await mlflow.SendAsync(
            HttpMethod.Delete,
            "registered-models/alias",
            """{ "name": "Churn_Model", "alias": "champion" }"""
        );
        var gone = await mlflow.GetAsync("registered-models/alias?name=Churn_Model&alias=champion", 400);
        Assert.Equal("INVALID_PARAMETER_VALUE", MlflowClient.Describe(gone));
        await mlflow.SendAsync(HttpMethod.Delete, "registered-models/delete", """{ "name": "Churn_Model" }""");
        var deleted = await mlflow.GetAsync("registered-models/get?name=Churn_Model", 404);
        Assert.Equal("RESOURCE_DOES_NOT_EXIST", MlflowClient.Describe(deleted));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Versions_Transitioned_AreLatestOfTheirStage(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var mlflow = new MlflowClient(service.Client);
        await mlflow.PostAsync("registered-models/create", """{ "name": "churn" }""");
        for (var i = 1; i <= 3; i++)
        {
            await mlflow.PostAsync("model-versions/create", $$"""{ "name": "churn", "source": "s3://{{i}}" }""");
        }

        await TransitionAsync(1, "production");
        await TransitionAsync(2, "Production");

        var latest = await mlflow.PostAsync("registered-models/get-latest-versions", """{ "name": "churn" }""");
        Assert.Equal(["1 Archived", "2 Production", "3 None"], Describe(latest.GetProperty("model_versions")));
        var one = await mlflow.GetAsync("registered-models/get-latest-versions?name=churn&stages=Production");
        Assert.Equal(["2 Production"], Describe(one.GetProperty("model_versions")));
        var model = (await mlflow.GetAsync("registered-models/get?name=churn")).GetProperty("registered_model");
        Assert.Equal(3, model.GetProperty("latest_versions").GetArrayLength());
        var uri = await mlflow.GetAsync("model-versions/get-download-uri?name=churn&version=2");
        Assert.Equal("""{"artifact_uri":"s3://2"}""", uri.GetRawText());
        var invalid = await mlflow.PostAsync(
            "model-versions/transition-stage",
            """{ "name": "churn", "version": "1", "stage": "Live", "archive_existing_versions": false }""",
            400
        );
        Assert.Equal("INVALID_PARAMETER_VALUE", MlflowClient.Describe(invalid));

        Task<JsonElement> TransitionAsync(int version, string stage) =>
            mlflow.PostAsync(
                "model-versions/transition-stage",
                $$"""
                {
                  "name": "churn", "version": "{{version}}", "stage": "{{stage}}", "archive_existing_versions": true
                }
                """
            );

        static IEnumerable<string> Describe(JsonElement versions) =>
            versions
                .EnumerateArray()
                .Select(v => $"{v.GetProperty("version").GetString()} {v.GetProperty("current_stage").GetString()}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_FilterAndPages_ReturnMatches(bool isInPostgres)
    {
        await using var service = await StartAsync(isInPostgres);
        var mlflow = new MlflowClient(service.Client);
        foreach (var name in new[] { "b-churn", "a-churn", "sales" })
        {
            await mlflow.PostAsync("registered-models/create", $$"""{ "name": "{{name}}" }""");
            await mlflow.PostAsync(
                "model-versions/create",
                $$"""{ "name": "{{name}}", "source": "s3://{{name}}", "run_id": "run-{{name}}" }"""
            );
        }

        await mlflow.PostAsync(
            "registered-models/set-tag",
            """{ "name": "sales", "key": "team", "value": "growth" }"""
        );
        Assert.Equal(["a-churn"], await SearchAsync("&filter=name%20LIKE%20%27%25churn%27&max_results=1"));
        Assert.Equal(["sales"], await SearchAsync("&filter=tags.team%20%3D%20%27growth%27"));
        Assert.Equal(["sales", "b-churn", "a-churn"], await SearchAsync("&order_by=name%20DESC&max_results=100"));

        var versions = await mlflow.GetAsync(
            "model-versions/search?filter=run_id%20%3D%20%27run-sales%27&max_results=10000"
        );
        Assert.Equal("sales", versions.GetProperty("model_versions")[0].GetProperty("name").GetString());
        Assert.Equal(1, versions.GetProperty("model_versions").GetArrayLength());
        var none = await mlflow.GetAsync("model-versions/search?filter=name%3D%27No%20Such%27");
        Assert.Equal("{}", none.GetRawText());

        async Task<IEnumerable<string?>> SearchAsync(string query) =>
            (await mlflow.GetAsync($"registered-models/search?unknown=1{query}"))
                .GetProperty("registered_models")
                .EnumerateArray()
                .Select(m => m.GetProperty("name").GetString());
    }

    private async Task<ServingService> StartAsync(bool isInPostgres) =>
        isInPostgres
            ? await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync())
            : new ServingService();
}
