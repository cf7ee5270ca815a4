namespace CogniForge.Llm.Tests.Api;

public class RequestsTests(LlmService service) : IClassFixture<LlmService>
{
    [Fact]
    public async Task Count_AfterAnswersAndRefusals_HasEachAnswerOnce()
    {
        for (var i = 1; i <= 3; i++)
        {
            using var answered = await service.Client.PostAsync("/v1/chat/completions", """{"model":"mock","messages":[{"role":"user","content":"a"}]}""");
            await answered.ReadAsync(200);
            using var refused = await service.Client.PostAsync("/v1/chat/completions", """{"model":"gpt-none","messages":[{"role":"user","content":"a"}]}""");
            await refused.ReadAsync(404);

            // A record that were stored twice, or one of a refusal, would be there before this answer's own.
            await Until.EqualAsync(i, CountAsync);
        }
    }

    [Fact]
    public async Task Count_KeyWithoutTheScope_IsForbidden()
    {
        using var client = service.NewClient(await service.CreateKeyAsync("llm", "llm:invoke"));
        using var response = await client.GetAsync("/api/v1/llm/requests/count");
        var problem = await response.ReadAsync(403);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("llm:read", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<int> CountAsync()
    {
        using var response = await service.Client.GetAsync("/api/v1/llm/requests/count");
        return (await response.ReadAsync(200)).GetProperty("count").GetInt32();
    }
}
