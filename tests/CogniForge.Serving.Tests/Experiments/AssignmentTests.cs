using System.Globalization;
using CogniForge.Serving.Rpc.Messages;
using CogniForge.Serving.Tests.Rpc;
using Grpc.Core;

namespace CogniForge.Serving.Tests.Experiments;

/// <summary>Sticky assignment, as docs/serving/experiments.md describes it.</summary>
public class AssignmentTests(GrpcService service) : IClassFixture<GrpcService>
{
    private readonly ExperimentClient _client = new(service.Client);

    // The vectors of docs/serving/experiments.md, computed with a separate implementation in Python.
    [Theory]
    [InlineData("user-1", 0.6964)]
    [InlineData("user-2", 0.22)]
    [InlineData("user-7", 0.0609)]
    [InlineData("müller", 0.4431)]
    [InlineData("😀", 0.7033)]
    public void Place_OfDocumentedUnits_EqualsVectors(string unit, double expected) =>
        Assert.Equal(expected, CogniForge.Statistics.Experiments.Bucketing.Hash("churn-v2", unit));

    [Fact]
    public async Task Infer_Units_GetTheirVariantsEachTime()
    {
        await _client.StartAsync("sticky", """, "salt": "churn-v2" """);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(("2", "new"), await _client.InferAsync("sticky", """{"unit_id":"user-1"}"""));
            Assert.Equal(("1", "control"), await _client.InferAsync("sticky", """{"unit_id":"user-2"}"""));
            Assert.Equal(
                ("2", "new"),
                await _client.InferAsync("sticky", "{}", headers: ("x-cogniforge-unit-id", "user-1"))
            );
        }

        Assert.Equal(("1", null), await _client.InferAsync("sticky", "{}"));
        Assert.Equal(("1", null), await _client.InferAsync("sticky", """{"unit_id":"user-1"}""", version: "1"));

        var assigned = await _client.ReadAsync(200, "POST", "/sticky/assignments", """{"unitId":"user-1"}""");
        Assert.Equal(
            ("new", 2),
            (assigned.GetProperty("variant").GetString(), assigned.GetProperty("version").GetInt32())
        );
        await _client.ReadResultsAsync("sticky", 2);
    }

    [Fact]
    public async Task Assign_NumbersAndBooleans_AreAttributes()
    {
        await _client.StartAsync(
            "typed",
            """
            , "salt": "churn-v2", "targeting": [{ "attribute": "age", "operator": "atLeast", "values": ["18"] }]
            """
        );

        var adult = """{"unitId":"user-1","attributes":{"age":18,"isMember":true,"country":"DE"}}""";
        var assigned = await _client.ReadAsync(200, "POST", "/typed/assignments", adult);
        Assert.Equal("new", assigned.GetProperty("variant").GetString());
        await _client.ReadAsync(400, "POST", "/typed/assignments", """{"unitId":"user-1","attributes":{"age":[18]}}""");
    }

    [Fact]
    public async Task Infer_ByGrpc_AssignsAlike()
    {
        await _client.StartAsync(
            "rpc",
            """
            , "salt": "churn-v2", "targeting": [{ "attribute": "age", "operator": "atLeast", "values": ["18"] }]
            """
        );
        var byParameter = Request();
        byParameter.Parameters.Add("unit_id", new InferParameter { StringParam = "user-1" });
        byParameter.Parameters.Add("attributes.age", new InferParameter { Int64Param = 18 });
        var response = await service.Rpc.ModelInferAsync(byParameter);
        Assert.Equal(("2", "new"), (response.ModelVersion, response.Parameters["variant"].StringParam));

        var byMetadata = await service.Rpc.ModelInferAsync(
            Request(),
            new Metadata
            {
                { "x-cogniforge-unit-id", "user-2" },
                { "x-cogniforge-unit-attributes", "age=40&country=DE" },
            }
        );
        Assert.Equal(("1", "control"), (byMetadata.ModelVersion, byMetadata.Parameters["variant"].StringParam));

        byParameter.Parameters["attributes.age"].Int64Param = 17;
        Assert.Empty((await service.Rpc.ModelInferAsync(byParameter)).Parameters);

        static ModelInferRequest Request() =>
            new()
            {
                ModelName = "rpc",
                Inputs =
                {
                    new ModelInferRequest.Types.InferInputTensor
                    {
                        Name = "x",
                        Datatype = "FP64",
                        Shape = { 1 },
                        Contents = new() { Fp64Contents = { 1 } },
                    },
                },
            };
    }

    [Fact]
    public async Task Infer_Targeted_OnlyMatchingUnitsTakePart()
    {
        await _client.StartAsync(
            "targeted",
            """
            , "targeting": [
                { "attribute": "country", "operator": "in", "values": ["DE", "AT"] },
                { "attribute": "plan", "operator": "notIn", "values": ["free"] }
            ]
            """
        );
        Assert.NotNull((await InferAsync("""{"unit_id":"a","attributes.country":"DE"}""")).Variant);
        Assert.Null((await InferAsync("""{"unit_id":"a","attributes.country":"FR"}""")).Variant);
        Assert.Null((await InferAsync("""{"unit_id":"a"}""")).Variant);
        Assert.Null(
            (await InferAsync("""{"unit_id":"a","attributes.country":"DE","attributes.plan":"free"}""")).Variant
        );

        Task<(string, string? Variant)> InferAsync(string parameters) => _client.InferAsync("targeted", parameters);
    }

    [Theory]
    [InlineData("""{"unit_id":""}""", "parameters.unit_id must have 1 to 256 characters")]
    [InlineData("""{"unit_id":{}}""", "parameters.unit_id must have 1 to 256 characters")]
    [InlineData("""{"unit_id":"a","attributes.x":[]}""", "parameters must have at most 100 attributes")]
    public async Task Infer_InvalidUnit_NamesTheRule(string parameters, string error)
    {
        (await service.RegisterAsync(ModelJson.Create("units"))).Dispose();
        using var response = await service.Client.PostAsync(
            "/v2/models/units/infer",
            $$"""
            {"inputs":[{"name":"features","shape":[1,2],"datatype":"FP64","data":[1,2]}],"parameters":{{parameters}}}
            """
        );
        Assert.StartsWith(error, (await response.ReadAsync(400)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Outcomes_ByUnitAndRequest_CountOnce()
    {
        await _client.StartAsync(
            "outcomes",
            """
            , "salt": "churn-v2", "guardRails": [{ "name": "latency", "kind": "continuous", "aggregation": "mean" }]
            """
        );
        await _client.InferAsync("outcomes", """{"unit_id":"user-1"}""", id: "req-1");
        await _client.InferAsync("outcomes", """{"unit_id":"user-1"}""", id: "req-2");
        await _client.InferAsync("outcomes", """{"unit_id":"user-2"}""");
        string[] sent =
        [
            """{"id":"1","metric":"bought","value":1,"unitId":"user-1"}""",
            """{"id":"2","metric":"latency","value":10,"requestId":"req-1"}""",
            """{"id":"3","metric":"latency","value":30,"requestId":"req-2"}""",
            """{"id":"4","metric":"bought","value":1,"unitId":"never seen"}""",
        ];
        Assert.Equal(4, (await _client.RecordAsync("outcomes", sent)).GetProperty("accepted").GetInt32());
        Assert.Equal(4, (await _client.RecordAsync("outcomes", sent)).GetProperty("duplicates").GetInt32());

        var results = await _client.ReadResultsAsync("outcomes", 2);
        Assert.Equal(
            ["bought control 1 0", "bought new 1 1", "latency control 0 -", "latency new 1 20"],
            from metric in results.GetProperty("metrics").EnumerateArray()
            from variant in metric.GetProperty("variants").EnumerateArray()
            let mean = variant.GetProperty("mean")
            select string.Create(
                CultureInfo.InvariantCulture,
                $"{metric.GetProperty("name")} {variant.GetProperty("variant")} {variant.GetProperty("units")} "
            ) + (mean.ValueKind == System.Text.Json.JsonValueKind.Null ? "-" : mean.GetRawText())
        );
    }

    [Fact]
    public async Task Outcomes_Invalid_StoresNone()
    {
        await _client.CreateAsync("strict");
        using var response = await _client.SendAsync(
            "POST",
            "/strict/outcomes",
            """
            {"outcomes":[
                {"id":"1","metric":"bought","value":1,"unitId":"a"},
                {"id":"2","metric":"bought","value":2,"unitId":"a"},
                {"metric":"clicked","value":1,"unitId":"a","requestId":"b"}]}
            """
        );
        Assert.Equal(
            [
                "outcomes[1].value: must be 0 or 1",
                "outcomes[2].id: must have 1 to 256 characters of valid Unicode without U+0000",
                "outcomes[2].metric: must be one of bought",
                "outcomes[2]: must have either unitId or requestId",
            ],
            await Problem.ReadRulesAsync(response)
        );
        var first = await _client.RecordAsync("strict", """{"id":"1","metric":"bought","value":1,"unitId":"a"}""");
        Assert.Equal(1, first.GetProperty("accepted").GetInt32());
    }
}
