using System.Text.Json;

namespace CogniForge.Serving.Tests.Inference;

/// <summary>Every error has the protocol's format: an object with the single member <c>error</c>.</summary>
public class InferenceProtocolErrorsTests(ServingService service) : IClassFixture<ServingService>, IAsyncLifetime
{
    private const string Infer = "/v2/models/small/infer";
    private const string Valid = """{"inputs":[{"name":"features","shape":[1,2],"datatype":"FP64","data":[1,2]}]}""";

    public async Task InitializeAsync() => (await service.RegisterAsync(ModelJson.Create("small"))).Dispose();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("{}", "inputs is required")]
    [InlineData("[]", "must be an object")]
    [InlineData("""{"inputs":[]}""", "inputs must have at least 1 entry")]
    [InlineData("""{"inputs":{}}""", "inputs must be an array")]
    [InlineData("""{"id":7,"inputs":[]}""", "id must be a string of valid Unicode")]
    [InlineData(
        """{"inputs":[{"name":"rows","shape":[1,2],"datatype":"FP64","data":[1,2]}]}""",
        "inputs[0].name must be \"features\""
    )]
    [InlineData("""{"inputs":[{"name":"features","datatype":"FP64","data":[1,2]}]}""", "inputs[0].shape is required")]
    [InlineData(
        """{"inputs":[{"name":"features","shape":[2],"datatype":"FP64","data":[1,2]}]}""",
        "inputs[0].shape must be [rows,2], is [2]"
    )]
    [InlineData(
        """{"inputs":[{"name":"features","shape":[1,3],"datatype":"FP64","data":[1,2,3]}]}""",
        "inputs[0].shape must be [rows,2], is [1,3]"
    )]
    [InlineData(
        """{"inputs":[{"name":"features","shape":[1,2],"datatype":"BYTES","data":["1","2"]}]}""",
        "inputs[0].datatype must be numeric"
    )]
    [InlineData(
        """{"inputs":[{"name":"features","shape":[1,2],"datatype":"FP65","data":[1,2]}]}""",
        "inputs[0].datatype must be one of"
    )]
    [InlineData("""{"inputs":[{"name":"features","shape":[1,2],"datatype":"FP64","data":[1]}]}""", "inputs[0].data")]
    [InlineData(
        """{"inputs":[{"name":"features","shape":[1,2],"datatype":"FP64","data":[1,"2"]}]}""",
        "inputs[0].data"
    )]
    [InlineData(
        """{"inputs":[{"name":"features","shape":[9999999,99999999],"datatype":"FP64","data":[]}]}""",
        "inputs[0].shape"
    )]
    [InlineData(
        """{"inputs":[{"name":"features","shape":[1,2],"datatype":"FP64","data":[1,2]}],"outputs":[{"name":"odds"}]}""",
        "outputs[0].name must be one of probability, label"
    )]
    [InlineData("{", "must be well-formed JSON")]
    [InlineData("features=1", "must be well-formed JSON")]
    [InlineData("", "must be well-formed JSON")]
    public async Task Infer_InvalidField_NamesFieldAndRule(string body, string rule)
    {
        using var response = await service.Client.PostAsync(Infer, body);
        Assert.Contains(rule, await ErrorAsync(response, 400), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/models/unknown", "Model 'unknown' does not exist or has no serving version.")]
    [InlineData("/v2/models/unknown/ready", "Model 'unknown' does not exist or has no serving version.")]
    [InlineData("/v2/models/small/versions/2", "Model 'small' has no version '2'.")]
    [InlineData("/v2/models/small/versions/2/ready", "Model 'small' has no version '2'.")]
    [InlineData("/v2/models/small/versions/one", "Model 'small' has no version 'one'.")]
    [InlineData("/v2/models/small/versions/99999999999", "Model 'small' has no version '99999999999'.")]
    [InlineData("/v2/models/small/versions/-1", "Model 'small' has no version '-1'.")]
    [InlineData("/v2/nothing", "This path does not exist.")]
    public async Task Get_Unknown_ReturnsNotFound(string path, string error)
    {
        using var response = await service.Client.GetAsync(path);
        Assert.Equal(error, await ErrorAsync(response, 404));
    }

    [Theory]
    [InlineData("/v2/models/unknown/infer", "Model 'unknown' does not exist or has no serving version.")]
    [InlineData("/v2/models/small/versions/2/infer", "Model 'small' has no version '2'.")]
    public async Task Infer_Unknown_ReturnsNotFound(string path, string error)
    {
        using var response = await service.Client.PostAsync(path, Valid);
        Assert.Equal(error, await ErrorAsync(response, 404));
    }

    [Fact]
    public async Task Get_Infer_ReturnsMethodNotAllowed()
    {
        using var response = await service.Client.GetAsync(Infer);
        Assert.Contains("does not support the method", await ErrorAsync(response, 405), StringComparison.Ordinal);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Infer_BodyTooLarge_ReturnsPayloadTooLarge()
    {
        using var response = await service.Client.PostLargeAsync(Infer, 5 * 1024 * 1024);
        Assert.Contains("exceeds the maximum size", await ErrorAsync(response, 413), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_UnknownKey_ReturnsUnauthorized()
    {
        using var client = service.NewClient("cf_unknown");
        using var response = await client.PostAsync(Infer, Valid);
        await ErrorAsync(response, 401);
    }

    [Theory]
    [InlineData("/v2/models/small")]
    [InlineData("/v2/models/small/ready")]
    public async Task Get_KeyLacksScope_ReturnsForbidden(string path)
    {
        using var client = service.NewClient(await service.CreateKeyAsync("serving", "serving:read", "serving:write"));
        using var response = await client.GetAsync(path);
        Assert.Contains("serving:infer", await ErrorAsync(response, 403), StringComparison.Ordinal);
    }

    private static async Task<string> ErrorAsync(HttpResponseMessage response, int status)
    {
        var member = Assert.Single((await response.ReadAsync(status)).EnumerateObject());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("error", member.Name);
        Assert.Equal(JsonValueKind.String, member.Value.ValueKind);
        return member.Value.GetString()!;
    }
}
