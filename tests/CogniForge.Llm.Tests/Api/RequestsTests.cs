namespace CogniForge.Llm.Tests.Api;

public class RequestsTests(LlmService service) : IClassFixture<LlmService>
{
    [Fact]
    public async Task Count_AfterAnswersAndRefusals_HasEachAnswerOnce()
    {
        for (var i = 1; i <= 3; i++)
        {
            using var answered = await service.Client.PostAsync(
                "/v1/chat/completions",
                """{"model":"mock","messages":[{"role":"user","content":"a"}]}"""
            );
            await answered.ReadAsync(200);
            using var refused = await service.Client.PostAsync(
                "/v1/chat/completions",
                """{"model":"gpt-none","messages":[{"role":"user","content":"a"}]}"""
            );
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

    [Theory]
    [InlineData("/api/v1/llm/requests?sttus=500", "sttus")]
    [InlineData("/api/v1/llm/requests?groupBy=model", "groupBy")]
    [InlineData("/api/v1/llm/usage?groupBy=model&form=2026-11-01", "form")]
    [InlineData("/api/v1/llm/usage?limit=1", "limit")]
    public async Task Get_ParameterThatThereIsNot_IsNamed(string path, string name)
    {
        using var response = await service.Client.GetAsync(path);
        Assert.Equal(
            [name],
            (await response.ReadAsync(400)).GetProperty("errors").EnumerateObject().Select(e => e.Name)
        );
    }

    [Theory]
    [InlineData(
        "/api/v1/llm/requests?limit=5&cursor=&key=a&user=a&route=a&provider=a&model=a&status=500&error=timeout&from=2026-11-01&to=2026-11-02"
    )]
    [InlineData(
        "/api/v1/llm/usage?groupBy=model&format=json&key=a&user=a&route=a&provider=a&model=a&STATUS=500&error=timeout&from=2026-11-01&to=2026-11-02"
    )]
    public async Task Get_EveryParameter_IsTaken(string path)
    {
        using var response = await service.Client.GetAsync(path);
        await response.ReadAsync(200);
    }

    private async Task<int> CountAsync()
    {
        using var response = await service.Client.GetAsync("/api/v1/llm/requests/count");
        return (await response.ReadAsync(200)).GetProperty("count").GetInt32();
    }
}
