using CogniForge.Llm.Tests.Limits;

namespace CogniForge.Llm.Tests.Api;

public class ModelsTests(LlmService service) : IClassFixture<LlmService>
{
    private const string Mock = """{"id":"mock","object":"model","created":0,"owned_by":"mock"}""";

    [Fact]
    public async Task Get_List_ReturnsEveryModel()
    {
        using var response = await service.Client.GetAsync("/v1/models");
        Assert.Equal($$"""{"object":"list","data":[{{Mock}}]}""", (await response.ReadAsync(200)).GetRawText());
    }

    [Fact]
    public async Task Get_Model_MatchesList()
    {
        using var response = await service.Client.GetAsync("/v1/models/mock");
        Assert.Equal(Mock, (await response.ReadAsync(200)).GetRawText());
    }

    [Fact]
    public async Task Get_UnknownModel_IsNotFound()
    {
        using var response = await service.Client.GetAsync("/v1/models/gpt-none");
        var error = await OpenAiError.ReadAsync(response, 404);
        Assert.Equal(("model", "model_not_found"), (error.Param, error.Code));
    }

    [Fact]
    public async Task Get_KeyWithoutScope_IsForbidden()
    {
        using var client = service.NewClient(await service.CreateKeyAsync("llm", "llm:read"));
        using var response = await client.GetAsync("/v1/models");
        Assert.Equal("permission_error", (await OpenAiError.ReadAsync(response, 403)).Type);
    }

    [Fact]
    public async Task Get_ForbiddenModel_IsNotFound()
    {
        await using var limited = await Limits.LimitedGateway.InMemoryAsync();
        var (_, client) = await limited.NewKeyAsync("""{"routes":["other"]}""");
        using var response = await client.GetAsync("/v1/models/mock");
        using var unknown = await client.GetAsync("/v1/models/none");
        var error = await OpenAiError.ReadAsync(response, 404);
        Assert.Equal(
            (await OpenAiError.ReadAsync(unknown, 404)).Message.Replace("none", "mock", StringComparison.Ordinal),
            error.Message
        );
    }
}
