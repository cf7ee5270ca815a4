using System.Text.Json;

namespace CogniForge.Llm.Tests.PassThrough;

/// <summary>A hard budget covers what has a bounded price, and refuses the rest.</summary>
public sealed class PassThroughBudgetTests(PassThroughGateway gateway) : IClassFixture<PassThroughGateway>
{
    private const string Budget = """{"budget":{"amount":1,"period":"total"}}""";

    [Fact]
    public async Task Completion_Priced_SpendsBudgetAndLimitsOutput()
    {
        await gateway.SetPriceAsync("instruct-3", """{"input":1000,"output":1000}""");
        using var client = await gateway.NewKeyAsync(Budget);
        gateway.OpenAi.RespondJson("""{"id":"c","usage":{"prompt_tokens":10,"completion_tokens":20}}""");

        using var response = await client.PostAsync(
            "/v1/completions",
            """{"model":"openai/instruct-3","prompt":"Hi"}"""
        );

        await response.ReadAsync(200);
        Assert.Equal(16, JsonDocument.Parse(gateway.OpenAi.Last.Text).RootElement.GetProperty("max_tokens").GetInt32());
        Assert.Equal(0.03m, (await gateway.LoggedAsync("instruct-3")).GetProperty("cost").GetDecimal());
    }

    [Theory]
    [InlineData("""{"model":"openai/instruct-4","prompt":"Hi","max_tokens":2000}""")]
    [InlineData("""{"model":"openai/instruct-4","prompt":"Hi","max_tokens":500,"n":2,"best_of":4}""")]
    [InlineData("""{"model":"openai/instruct-4","prompt":["a","b","c","d"],"max_tokens":500}""")]
    public async Task Completion_BeyondBudget_IsRefused(string body)
    {
        await gateway.SetPriceAsync("instruct-4", """{"input":0,"output":1000}""");
        using var client = await gateway.NewKeyAsync(Budget);

        using var response = await client.PostAsync("/v1/completions", body);

        Assert.Equal("budget_exceeded", (await OpenAiError.ReadAsync(response, 402)).Code);
    }

    [Theory]
    [InlineData("/v1/completions", """{"model":"openai/unpriced","prompt":"a"}""", "model_without_price")]
    [InlineData("/v1/rerank", """{"model":"openai/unpriced","query":"a"}""", "model_without_price")]
    [InlineData("/v1/images/generations", """{"model":"openai/unpriced","prompt":"a"}""", "cost_not_bounded")]
    [InlineData("/v1/audio/speech", """{"model":"openai/unpriced","input":"a"}""", "cost_not_bounded")]
    [InlineData("/v1/batches", """{"endpoint":"/v1/embeddings"}""", "cost_not_bounded")]
    [InlineData("/v1/batches", """{"input_file_id":"file-unknown"}""", "cost_not_bounded")]
    public async Task Post_CostWithoutBound_IsRefused(string path, string body, string code)
    {
        using var client = await gateway.NewKeyAsync(Budget);

        using var response = await client.PostAsync(path, body);

        Assert.Equal(code, (await OpenAiError.ReadAsync(response, 403)).Code);
    }

    [Theory]
    [InlineData("completions", """{"model":"openai/bound-1","prompt":"a","plugins":[{"id":"web"}]}""", "plugins")]
    [InlineData("completions", """{"model":"openai/bound-1","prompt":"a","models":["x"]}""", "models")]
    [InlineData("completions", """{"model":"openai/bound-1","prompt":"a","use_beam_search":true}""", "use_beam_search")]
    [InlineData("completions", """{"model":"openai/bound-1","prompt":["a","b"],"prompt":"a"}""", "prompt")]
    [InlineData("completions", """{"model":"openai/bound-1","prompt":"a","n":9,"n":1}""", "n")]
    [InlineData("completions", """{"model":"openrouter/bound-1:online","prompt":"a"}""", "model")]
    [InlineData("rerank", """{"model":"openai/bound-1","query":"a","documents":[],"fallbacks":["x"]}""", "fallbacks")]
    [InlineData("rerank", """{"model":"openai/bound-1","query":"a","documents":[{"image":"a"}]}""", "documents")]
    [InlineData("rerank", """{"model":"openai/bound-1","query":"a","documents":{"content":[]}}""", "documents")]
    [InlineData("rerank", """{"model":"openai/bound-1","query":{"image":"a"},"documents":[]}""", "query")]
    [InlineData("rerank", """{"model":"openai/bound-1","query":"a","documents":[{"text":{"url":"a"}}]}""", "documents")]
    [InlineData("images/generations", """{"model":"openai/bound-1","prompt":"a","n":9,"n":1}""", "n")]
    [InlineData("audio/speech", """{"model":"openai/bound-1","input":"a","models":["x"]}""", "models")]
    public async Task Post_FieldBeyondReservation_IsRefused(string path, string body, string param)
    {
        await gateway.SetPriceAsync("bound-1", """{"input":0,"output":0,"perRequest":0.01}""");
        await gateway.SetPriceAsync("bound-1:online", """{"input":0,"output":0,"perRequest":0.01}""");
        using var client = await gateway.NewKeyAsync(Budget);
        var before = gateway.OpenAi.Calls.Count + gateway.Spare.Calls.Count;

        using var response = await client.PostAsync($"/v1/{path}", body);

        Assert.Equal(param, (await OpenAiError.ReadAsync(response, 400)).Param);
        Assert.Equal(before, gateway.OpenAi.Calls.Count + gateway.Spare.Calls.Count);
    }

    [Theory]
    [InlineData("""{"input":0,"output":0,"image":{"output":40}}""")]
    [InlineData("""{"input":0,"output":0,"audio":{"input":10}}""")]
    [InlineData("""{"input":0,"output":0,"reasoning":1}""")]
    [InlineData("""{"input":0,"output":0,"cacheRead":1}""")]
    public async Task Image_PriceOfMediaTokens_IsRefused(string price)
    {
        await gateway.SetPriceAsync("image-3", price);
        using var client = await gateway.NewKeyAsync(Budget);

        using var response = await client.PostAsync(
            "/v1/images/generations",
            """{"model":"openai/image-3","prompt":"a"}"""
        );

        Assert.Equal("cost_not_bounded", (await OpenAiError.ReadAsync(response, 403)).Code);
    }

    [Fact]
    public async Task Image_PriceOfFees_IsCharged()
    {
        await gateway.SetPriceAsync("image-2", """{"input":0,"output":0,"perImage":0.04}""");
        using var client = await gateway.NewKeyAsync(Budget);
        gateway.OpenAi.RespondJson("""{"created":1,"data":[]}""");

        using var response = await client.PostAsync(
            "/v1/images/generations",
            """{"model":"openai/image-2","prompt":"a","n":2}"""
        );

        await response.ReadAsync(200);
        Assert.Equal(0.08m, (await gateway.LoggedAsync("image-2")).GetProperty("cost").GetDecimal());
    }

    [Fact]
    public async Task Speech_PriceOfCharacters_IsCharged()
    {
        await gateway.SetPriceAsync("speech-2", """{"input":0,"output":0,"perCharacter":0.001}""");
        using var client = await gateway.NewKeyAsync(Budget);
        gateway.OpenAi.RespondJson("{}");

        using var response = await client.PostAsync(
            "/v1/audio/speech",
            """{"model":"openai/speech-2","voice":"a","input":"Grüße 👋"}"""
        );

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(0.007m, (await gateway.LoggedAsync("speech-2")).GetProperty("cost").GetDecimal());
    }

    [Fact]
    public async Task Speech_TextBeyondBudget_IsRefused()
    {
        await gateway.SetPriceAsync("speech-3", """{"input":0,"output":0,"perCharacter":1000}""");
        using var client = await gateway.NewKeyAsync(Budget);

        using var response = await client.PostAsync(
            "/v1/audio/speech",
            """{"model":"openai/speech-3","voice":"a","input":"Hello"}"""
        );

        Assert.Equal("budget_exceeded", (await OpenAiError.ReadAsync(response, 402)).Code);
    }

    [Fact]
    public async Task Moderation_IsFree_NeedsNoPrice()
    {
        using var client = await gateway.NewKeyAsync(Budget);
        gateway.OpenAi.RespondJson("""{"results":[]}""");

        using var response = await client.PostAsync("/v1/moderations", """{"model":"openai/moderate","input":"a"}""");

        await response.ReadAsync(200);
        Assert.Equal(0m, (await gateway.LoggedAsync("moderate")).GetProperty("cost").GetDecimal());
    }

    [Fact]
    public async Task Batch_KeyOfSomeRoutes_IsRefused()
    {
        using var client = await gateway.NewKeyAsync("""{"routes":["listen"]}""");

        using var response = await client.PostAsync("/v1/batches", """{"input_file_id":"file-unknown"}""");

        Assert.Equal("batch_not_allowed", (await OpenAiError.ReadAsync(response, 403)).Code);
    }
}
