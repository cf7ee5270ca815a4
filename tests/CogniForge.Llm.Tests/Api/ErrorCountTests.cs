using System.Text.Json;

namespace CogniForge.Llm.Tests.Api;

/// <summary>A request with millions of errors costs no more than one with twenty.</summary>
public class ErrorCountTests(LlmService service) : IClassFixture<LlmService>
{
    private const string TooManyValues =
        "The body must have at most 1000000 JSON values and names, 200000 of them within tool arguments";
    private const string More = "The body has more errors; only the first 20 are listed";

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/messages")]
    [InlineData("/v1/messages/count_tokens")]
    public async Task Messages_AllInvalid_TwentyErrorsAreListed(string path)
    {
        var messages = string.Join(',', Enumerable.Repeat("{}", 100_000));
        using var response = await service.Client.PostAsync(
            path,
            $$"""{"model":"mock","max_tokens":9,"messages":[{{messages}}]}"""
        );

        var error = (await response.ReadAsync(400)).GetProperty("error").GetProperty("message").GetString()!;
        Assert.Equal(10, error.Split("].role ").Length - 1);
        Assert.EndsWith(More, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/embeddings")]
    [InlineData("/v1/messages/count_tokens")]
    public async Task Body_MillionsOfValues_IsRejected(string path)
    {
        using var response = await service.Client.PostAsync(
            path,
            $$"""{"model":"mock","x":[{{string.Join(',', Enumerable.Repeat("0", 1_000_000))}}]}"""
        );

        var error = (await response.ReadAsync(400)).GetProperty("error").GetProperty("message").GetString()!;
        Assert.Equal(TooManyValues, error);
    }

    /// <summary>A translation parses the arguments of tool calls.</summary>
    [Theory]
    [InlineData("{},")]
    [InlineData(@"\u007b\u007d,")]
    public async Task Arguments_Over200000Values_AreRejected(string value)
    {
        var arguments = $$"""{\"a\":[{{string.Concat(Enumerable.Repeat(value, 101_000))}}0]}""";
        using var response = await service.Client.PostAsync(
            "/v1/chat/completions",
            $$"""
            {"model":"mock","messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[
            {"id":"c","type":"function","function":{"name":"f","arguments":"{{arguments}}"} }]}]}
            """
        );

        var error = (await response.ReadAsync(400)).GetProperty("error").GetProperty("message").GetString()!;
        Assert.Equal(TooManyValues, error);
    }

    [Fact]
    public async Task Route_AllTargetsInvalid_TwentyErrorsAreListed()
    {
        var targets = string.Join(',', Enumerable.Repeat("{}", 100_000));
        using var response = await service.Client.PutAsync(
            new Uri("/api/v1/llm/routes/wide", UriKind.Relative),
            Requests.Json($$"""{"targets":[{{targets}}]}""")
        );

        Assert.Equal(21, (await Problem.ReadRulesAsync(response)).Count());
    }

    [Fact]
    public async Task Key_AllScopesUnknown_TwentyErrorsAreListed()
    {
        var scopes = JsonSerializer.Serialize(Enumerable.Repeat("x", 100_000));
        using var response = await service.Client.PostAsync(
            "/api/v1/llm/keys",
            $$"""{"name":"k","scopes":{{scopes}}}"""
        );

        Assert.Equal(21, (await Problem.ReadRulesAsync(response)).Count());
    }

    [Fact]
    public async Task UnknownParameters_Many_TwentyErrorsAreListed()
    {
        var query = string.Join('&', Enumerable.Range(0, 1_000).Select(i => $"x{i}=1"));
        using var response = await service.Client.GetAsync($"/api/v1/llm/routes?{query}");

        Assert.Equal(21, (await Problem.ReadRulesAsync(response)).Count());
    }
}
