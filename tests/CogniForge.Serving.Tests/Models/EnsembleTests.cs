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
    public async Task Infer_MemberMissing_SaysWhich()
    {
        var (a, both, outer) = (Name(), Name(), Name());
        await RegisterAsync(a, 1);
        await RegisterAsync(both, Average(a, "nowhere"));
        await RegisterAsync(outer, Average(a, both));
        Assert.Equal(
            "Version 1 of model 'nowhere' does not exist.",
            (await InferAsync(both, 503)).GetProperty("error").GetString()
        );
        Assert.Contains(
            "is an ensemble, which cannot be a member",
            (await InferAsync(outer, 503)).GetProperty("error").GetString(),
            StringComparison.Ordinal
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
    public async Task Register_InvalidEnsemble_NamesFieldAndRule(string definition, string expected)
    {
        using var response = await _registry.SendAsync(
            "POST",
            "",
            $$"""{"name":"{{Name()}}","kind":"ensemble","definition":{{definition}}}"""
        );
        Assert.Contains(expected, await Problem.ReadRulesAsync(response));
    }

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

    private static string Average(string one, string other) =>
        $$"""{"method":"average","members":[{"model":"{{one}}","version":1},{"model":"{{other}}","version":1}]}""";

    private static string Name() => $"m{Guid.CreateVersion7():n}";
}
