namespace CogniForge.Llm.Tests.Api;

public class RequestLogEndpointsTests(LlmService service) : IClassFixture<LlmService>
{
    [Fact]
    public async Task Count_SuccessesAndErrors_CountsSuccessesOnce()
    {
        for (var i = 1; i <= 3; i++)
        {
            using var success = await service.Client.PostAsync(
                "/v1/chat/completions",
                """{"model":"mock","messages":[{"role":"user","content":"a"}]}"""
            );
            await success.ReadAsync(200);
            using var error = await service.Client.PostAsync(
                "/v1/chat/completions",
                """{"model":"gpt-none","messages":[{"role":"user","content":"a"}]}"""
            );
            await error.ReadAsync(404);

            // A duplicate entry, or the entry of an error, would be stored before the entry of this request.
            await Until.EqualAsync(i, CountAsync);
        }
    }

    [Fact]
    public async Task Count_KeyWithoutScope_IsForbidden()
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
    public async Task Get_UnknownParameter_IsNamed(string path, string name)
    {
        using var response = await service.Client.GetAsync(path);
        Assert.Equal(
            [name],
            (await response.ReadAsync(400)).GetProperty("errors").EnumerateObject().Select(e => e.Name)
        );
    }

    [Theory]
    [InlineData(
        "/api/v1/llm/requests?limit=5&cursor=&key=a&user=a&route=a&provider=a&model=a&status=500"
            + "&error=timeout&from=2026-11-01&to=2026-11-02"
    )]
    [InlineData(
        "/api/v1/llm/usage?groupBy=model&format=json&key=a&user=a&route=a&provider=a&model=a&STATUS=500"
            + "&error=timeout&from=2026-11-01&to=2026-11-02"
    )]
    public async Task Get_EveryParameter_IsAccepted(string path)
    {
        using var response = await service.Client.GetAsync(path);
        await response.ReadAsync(200);
    }

    [Fact]
    public async Task Count_Embeddings_AreNoCompletions()
    {
        var (all, completions) = await CountBothAsync();
        using var embedding = await service.Client.PostAsync("/v1/embeddings", """{"model":"mock","input":"Hi"}""");
        using var chat = await service.Client.PostAsync(
            "/v1/chat/completions",
            """{"model":"mock","messages":[{"role":"user","content":"Hi"}]}"""
        );
        await embedding.ReadAsync(200);
        await chat.ReadAsync(200);

        await Until.EqualAsync((all + 2, completions + 1), CountBothAsync);
    }

    private async Task<(int All, int Completions)> CountBothAsync()
    {
        using var response = await service.Client.GetAsync("/api/v1/llm/requests/count");
        var counts = await response.ReadAsync(200);
        return (counts.GetProperty("count").GetInt32(), counts.GetProperty("completions").GetInt32());
    }

    private async Task<int> CountAsync()
    {
        using var response = await service.Client.GetAsync("/api/v1/llm/requests/count");
        return (await response.ReadAsync(200)).GetProperty("count").GetInt32();
    }
}
