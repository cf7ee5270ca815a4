namespace CogniForge.Serving.Tests.Models;

public class VersionValidatorTests(ServingService service) : IClassFixture<ServingService>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        using var response = await service.RegisterAsync("""{"name":"valid"}""");
        Assert.Contains((int)response.StatusCode, new[] { 201, 409 });
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("{}", "kind")]
    [InlineData("""{"kind":"forest"}""", "kind")]
    [InlineData("""{"kind":"logistic"}""", "definition")]
    [InlineData("""{"kind":"logistic","definition":[]}""", "definition")]
    [InlineData(
        """{"kind":"logistic","definition":{"inputs":["x"],"classes":["a","b"],"intercept":0}}""",
        "definition.coefficients"
    )]
    [InlineData(
        """{"kind":"linear","definition":{"inputs":["x"],"intercept":0,"coefficients":[1],"slope":1}}""",
        "definition.slope"
    )]
    [InlineData(
        """{"kind":"linear","definition":{"inputs":["x"],"intercept":"0","coefficients":[1]}}""",
        "definition.intercept"
    )]
    [InlineData("""{"kind":"onnx","definition":{}}""", "definition")]
    [InlineData("""{"kind":"llm","definition":{"model":""}}""", "definition.model")]
    [InlineData("""{"kind":"remote"}""", "endpoint")]
    [InlineData("""{"kind":"remote","endpoint":"ftp://models/x"}""", "endpoint")]
    [InlineData("""{"kind":"remote","endpoint":"https://key@models/x"}""", "endpoint")]
    [InlineData("""{"kind":"mock","endpoint":"https://models/x"}""", "endpoint")]
    [InlineData("""{"kind":"mock","price":{"perSecond":-0.1}}""", "price.perSecond")]
    [InlineData("""{"kind":"mock","tags":{"a":null}}""", "tags.a")]
    [InlineData("""{"kind":"mock","tags":{"a":"\u0000"}}""", "tags.a")]
    [InlineData("""{"kind":"mock","lineage":{"details":[]}}""", "lineage.details")]
    [InlineData("""{"kind":"mock","lineage":{"details":{"a":["\u0000"]}}}""", "lineage.details")]
    [InlineData("""{"kind":"mock","lineage":{"details":{"\ud800":1}}}""", "lineage.details")]
    [InlineData("""{"kind":"mock","definition":{"a":1e999999}}""", "definition")]
    [InlineData(
        """{"kind":"mock","schema":{"inputs":[{"name":"x","datatype":"FP8","shape":[-1]}],"outputs":[]}}""",
        "schema.inputs[0].datatype"
    )]
    [InlineData(
        """{"kind":"mock","schema":{"inputs":[{"name":"x","datatype":"FP32","shape":[-2]}],"outputs":[]}}""",
        "schema.inputs[0].shape"
    )]
    [InlineData("""{"kind":"mock","schema":{"inputs":[]}}""", "schema.outputs")]
    [InlineData("""{"kind":"mock","state":"serving"}""", "state")]
    public async Task Register_InvalidVersion_NamesField(string json, string path)
    {
        using var response = await new RegistryClient(service.Client).SendAsync("POST", "/valid/versions", json);
        Assert.Equal([path], (await Problem.ReadAsync(response, 400)).Errors!.Keys);
    }
}
