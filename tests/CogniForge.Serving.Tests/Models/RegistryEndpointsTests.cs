using System.Text.Json;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tests.Models;

public class RegistryEndpointsTests(ServingService service) : IClassFixture<ServingService>
{
    [Fact]
    public async Task Register_NewModel_ReturnsLocation()
    {
        using var response = await service.RegisterAsync(ServingService.BreastCancerModel);
        var created = await response.ReadAsync(201);
        Assert.Equal("/api/v1/serving/models/breast-cancer", response.Headers.Location?.OriginalString);
        Assert.Equal(
            [
                "aliases", "createdAt", "description", "id", "latestVersion", "name", "servingVersion", "tags",
                "updatedAt",
            ],
            created.EnumerateObject().Select(m => m.Name).Order()
        );
        Assert.Equal(
            ("breast-cancer", 1, 1),
            (
                created.GetProperty("name").GetString(),
                created.GetProperty("latestVersion").GetInt32(),
                created.GetProperty("servingVersion").GetInt32()
            )
        );
        Assert.Equal(7, created.GetProperty("id").GetGuid().Version);
        var createdAt = created.GetProperty("createdAt").GetDateTimeOffset();
        Assert.InRange(createdAt, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow());
        // Postgres stores microseconds, and the returned time must equal the stored one.
        Assert.Equal(0, createdAt.Nanosecond);

        using var found = await service.Client.GetAsync(response.Headers.Location!.OriginalString);
        Assert.Equal(created.GetRawText(), (await found.ReadAsync(200)).GetRawText());

        using var first = await service.Client.GetAsync($"{response.Headers.Location!.OriginalString}/versions/1");
        var version = await first.ReadAsync(200);
        Assert.Equal(
            ("logistic", "serving", """["malignant","benign"]"""),
            (
                version.GetProperty("kind").GetString(),
                version.GetProperty("state").GetString(),
                version.GetProperty("definition").GetProperty("classes").GetRawText()
            )
        );
        Assert.Equal(30, version.GetProperty("definition").GetProperty("inputs").GetArrayLength());
        Assert.Equal(
            """[{"name":"features","datatype":"FP64","shape":[-1,30]}]""",
            version.GetProperty("schema").GetProperty("inputs").GetRawText()
        );
    }

    [Fact]
    public async Task Register_OnlyName_HasNoVersion()
    {
        using var response = await service.RegisterAsync("""{"name":"Only_Name.v2","description":"Later"}""");
        var created = await response.ReadAsync(201);
        Assert.Equal(JsonValueKind.Null, created.GetProperty("latestVersion").ValueKind);
        using var infer = await service.Client.GetAsync("/v2/models/Only_Name.v2/ready");
        await infer.ReadAsync(404);
    }

    [Fact]
    public async Task Register_NameOfRoute_IsRefused()
    {
        using var response = await service.RegisterAsync("""{"name":"count"}""");
        Assert.Equal(["name"], (await Problem.ReadAsync(response, 400)).Errors!.Keys);
    }

    [Fact]
    public async Task Register_SameName_ConflictsAndChangesNothing()
    {
        using var first = await service.RegisterAsync(ModelJson.Create("twice"));
        await first.ReadAsync(201);
        var before = await service.CountAsync("models");
        using var second = await service.RegisterAsync(
            ModelJson.Create("twice").Replace("\"x\"", "\"other\"", StringComparison.Ordinal)
        );
        Assert.Contains("'twice'", (await Problem.ReadAsync(second, 409)).Detail, StringComparison.Ordinal);

        Assert.Equal(before, await service.CountAsync("models"));
        using var found = await service.Client.GetAsync("/api/v1/serving/models/twice/versions/1");
        Assert.Equal(
            "x",
            (await found.ReadAsync(200)).GetProperty("definition").GetProperty("inputs")[0].GetString()
        );
    }

    [Fact]
    public async Task Register_AllFieldsInvalid_NamesEveryRule()
    {
        using var response = await service.RegisterAsync(
            """
            {"name":"Breast Cancer","kind":"forest","inputs":["x"," ","x",null],"classes":["yes"],
            "intercept":null,"coefficients":[1,1e999,3]}
            """
        );
        Assert.Equal(
            [
                "classes: must have 2 entries, has 1",
                "coefficients: must have as many entries as inputs (4), has 3",
                "coefficients[1]: must be finite",
                "inputs[1]: must not be blank",
                "inputs[2]: must be unique, is the same as inputs[0]",
                "inputs[3]: must not be blank",
                "intercept: is required",
                "kind: must be \"logistic\" or \"linear\" beside inputs",
                $"name: {ModelName.Rule}",
            ],
            await Problem.ReadRulesAsync(response)
        );
    }

    [Fact]
    public async Task Register_NoNames_NamesRequiredFields()
    {
        using var response = await service.RegisterAsync("""{"inputs":null,"intercept":0}""");
        Assert.Equal(
            [
                "classes: is required",
                "coefficients: is required",
                "inputs: is required",
                "kind: is required",
                "name: is required",
            ],
            await Problem.ReadRulesAsync(response)
        );
    }

    [Theory]
    [InlineData("name", "7", "name")]
    [InlineData("name", "\"\\ud800\"", "name")]
    [InlineData("inputs", "\"x\"", "inputs")]
    [InlineData("inputs", "[\"x\",7]", "inputs[1]")]
    [InlineData("inputs", "[\"x\",\"y\\u0000\"]", "inputs[1]")]
    [InlineData("classes", "[\"no\",\"\\u0000\"]", "classes[1]")]
    [InlineData("intercept", "\"1\"", "intercept")]
    [InlineData("coefficients", "[1,\"2\"]", "coefficients[1]")]
    [InlineData("coefficients", "[1,null]", "coefficients[1]")]
    public async Task Register_InvalidField_NamesField(string field, string value, string path)
    {
        var model = JsonSerializer
            .Deserialize<Dictionary<string, JsonElement>>(ModelJson.Create("wrong"))!
            .ToDictionary(m => m.Key, m => m.Value.GetRawText());
        model[field] = value;
        using var response = await service.RegisterAsync(
            $"{{{string.Join(',', model.Select(m => $"\"{m.Key}\":{m.Value}"))}}}"
        );
        Assert.Equal([path], (await Problem.ReadAsync(response, 400)).Errors!.Keys);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    public async Task Register_InvalidJson_ReturnsJsonError(string body)
    {
        using var response = await service.RegisterAsync(body);
        Assert.Contains("JSON", Assert.Single(await Problem.ReadRulesAsync(response)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_BodyTooLarge_ReturnsPayloadTooLarge()
    {
        using var response = await service.Client.PostLargeAsync("/api/v1/serving/models", 5 * 1024 * 1024);
        await Problem.ReadAsync(response, 413);
    }

    [Fact]
    public async Task Register_ReadOnlyKey_ReturnsForbidden()
    {
        using var client = service.NewClient(await service.CreateKeyAsync("serving", "serving:read", "serving:infer"));
        using var response = await client.PostAsync("/api/v1/serving/models", ModelJson.Create("forbidden"));
        Assert.Contains("serving:write", (await Problem.ReadAsync(response, 403)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/serving/models")]
    [InlineData("/api/v1/serving/models/count")]
    [InlineData("/api/v1/serving/models/any")]
    [InlineData("/api/v1/serving/inferences/count")]
    public async Task Get_WriteOnlyKey_ReturnsForbidden(string path)
    {
        using var client = service.NewClient(await service.CreateKeyAsync("serving", "serving:write", "serving:infer"));
        using var response = await client.GetAsync(path);
        Assert.Contains("serving:read", (await Problem.ReadAsync(response, 403)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/serving/models/unknown", "unknown")]
    [InlineData("/api/v1/serving/models/No%20Name", "No Name")]
    public async Task Get_UnknownModel_ReturnsNotFound(string path, string name)
    {
        using var response = await service.Client.GetAsync(path);
        Assert.Equal($"Model '{name}' does not exist.", (await Problem.ReadAsync(response, 404)).Detail);
    }
}
