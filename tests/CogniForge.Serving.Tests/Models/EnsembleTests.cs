using System.Text.Json;

namespace CogniForge.Serving.Tests.Models;

/// <summary>Registered ensembles answer with their members, which are registered models.</summary>
public class EnsembleTests(ServingService service) : IClassFixture<ServingService>
{
    private const string Row = """{"inputs":[{"name":"features","datatype":"FP64","shape":[1,1],"data":[2]}]}""";
    private readonly RegistryClient _registry = new(service.Client);

    [Fact]
    public async Task Infer_RegisteredMembers_AreCombined()
    {
        var (a, b, both) = (Name(), Name(), Name());
        await RegisterAsync(a, 1);
        await RegisterAsync(b, 4);
        await RegisterAsync(
            both,
            $$"""
            {"method":"weighted","members":[
            {"model":"{{a}}","version":1,"weight":1},{"model":"{{b}}","version":1,"weight":2}]}
            """
        );

        var json = await InferAsync(both, 200);
        Assert.Equal(both, json.GetProperty("model_name").GetString());
        Assert.Equal(6, json.GetProperty("outputs")[0].GetProperty("data")[0].GetDouble(), 1e-12); // (1*2 + 2*8) / 3
        Assert.Contains(
            "inputs[0].shape must be",
            (await InferAsync(both, 400, Row.Replace("[1,1]", "[1]", StringComparison.Ordinal)))
                .GetProperty("error")
                .GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Infer_RegisteredMembers_CountForTheirModels()
    {
        var (a, b, both) = (Name(), Name(), Name());
        await RegisterAsync(a, 1);
        await RegisterAsync(b, 4);
        await RegisterAsync(both, Average(a, b));

        await InferAsync(both, 200);

        foreach (var model in new[] { a, b, both })
        {
            await Until.EqualAsync(1, () => CountInferencesAsync(model));
        }
    }

    [Fact]
    public async Task Register_MemberThatCannotBe_NamesItAndRule()
    {
        var (a, both, outside) = (Name(), Name(), Name());
        await RegisterAsync(a, 1);
        await RegisterAsync(both, Average(a, a));
        await _registry.ReadAsync(201, "POST", "", $$"""{"name":"{{outside}}","kind":"external"}""");

        await RefuseAsync(
            Average(a, "nowhere"),
            "definition.members[1].version: must be a version of the model 'nowhere'"
        );
        await RefuseAsync(Average(both, a), "definition.members[0].model: must not be an ensemble");
        await RefuseAsync(Average(outside, a), "definition.members[0].model: must be served here, not elsewhere");
    }

    [Fact]
    public async Task Register_MembersThatDoNotFit_NamesItAndRule()
    {
        var (one, two, three) = (Name(), Name(), Name());
        await RegisterAsync(one, 1);
        await RegisterAsync(two, 4);
        await _registry.ReadAsync(
            201,
            "POST",
            "",
            $$$"""
            {"name":"{{{three}}}","kind":"onnx","schema":{
            "inputs":[{"name":"features","datatype":"FP32","shape":[-1,2]}],
            "outputs":[{"name":"label","datatype":"BYTES","shape":[-1]},
              {"name":"probabilities","datatype":"FP32","shape":[-1,3]}]
            }}
            """
        );

        await RefuseAsync(
            Average(one, three),
            "definition.members[1].model: must take the inputs of another member, features FP64 [-1,1]"
        );
        await RefuseAsync(
            Members("softVote", one, three),
            "definition.members[1].output: must have 2 classes, as the ensemble or another member, has 3"
        );
        await RefuseAsync(
            $$"""
            {"method":"average","members":[
            {"model":"{{one}}","version":1,"output":"label"},{"model":"{{two}}","version":1}]}
            """,
            "definition.members[0].output: must be one that the method combines: prediction"
        );
    }

    [Theory]
    [InlineData("{}", "definition.method: is required")]
    [InlineData("""{"method":"boosting"}""", "definition.method: must be as the definition of the kind requires")]
    [InlineData("""{"method":"average","members":[]}""", "definition.members: must have 2 to 20 entries, has 0")]
    [InlineData(
        """{"method":"weighted","members":[{"model":"a","version":1},{"model":"b","version":1,"weight":1}]}""",
        "definition.members[0].weight: is required"
    )]
    [InlineData(
        """{"method":"cascade","members":[{"model":"a","version":1},{"model":"b","version":1}]}""",
        "definition.threshold: is required"
    )]
    public Task Register_InvalidEnsemble_NamesFieldAndRule(string definition, string expected) =>
        RefuseAsync(definition, expected);

    private Task<JsonElement> RegisterAsync(string name, double coefficient) =>
        _registry.ReadAsync(
            201,
            "POST",
            "",
            $$"""{"name":"{{name}}","kind":"linear","inputs":["x"],"intercept":0,"coefficients":[{{coefficient}}]}"""
        );

    private Task<JsonElement> RegisterAsync(string name, string definition) =>
        _registry.ReadAsync(201, "POST", "", $$"""{"name":"{{name}}","kind":"ensemble","definition":{{definition}}}""");

    private async Task<JsonElement> InferAsync(string name, int status, string json = Row)
    {
        using var response = await service.Client.PostAsync($"/v2/models/{name}/infer", json);
        return await response.ReadAsync(status);
    }

    private async Task<long> CountInferencesAsync(string model)
    {
        var usage = await _registry.ReadAsync(200, "GET", $"/{model}/metrics/usage");
        return usage.GetProperty("versions").EnumerateArray().Sum(v => v.GetProperty("requests").GetInt64());
    }

    private async Task RefuseAsync(string definition, string expected)
    {
        using var response = await _registry.SendAsync(
            "POST",
            "",
            $$"""{"name":"{{Name()}}","kind":"ensemble","definition":{{definition}}}"""
        );
        Assert.Contains(expected, await Problem.ReadRulesAsync(response));
    }

    private static string Average(string one, string other) => Members("average", one, other);

    private static string Members(string method, string one, string other) =>
        $$"""{"method":"{{method}}","members":[{"model":"{{one}}","version":1},{"model":"{{other}}","version":1}]}""";

    private static string Name() => $"m{Guid.CreateVersion7():n}";
}
