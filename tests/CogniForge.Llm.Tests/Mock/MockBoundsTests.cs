using System.Text.Json;
using CogniForge.Llm.Providers.Mock;
using CogniForge.Llm.Tests.Protocols;

namespace CogniForge.Llm.Tests.Mock;

/// <summary>A small request to the mock cannot cause a huge response.</summary>
public class MockBoundsTests(LlmService service) : IClassFixture<LlmService>
{
    private const int MaxCharacters = 4 * 16_384;

    [Theory]
    [InlineData(2048, 16, 200)]
    [InlineData(128, 256, 200)]
    [InlineData(8, 4096, 200)]
    [InlineData(2049, 1, 400)]
    [InlineData(129, 256, 400)]
    [InlineData(9, 4096, 400)]
    public async Task Embeddings_InputsTimesDimensions_AreBounded(int inputs, int dimensions, int status)
    {
        var body = JsonSerializer.Serialize(
            new
            {
                model = "mock",
                input = Enumerable.Repeat("a", inputs),
                dimensions,
            }
        );
        using var response = await service.Client.PostAsync("/v1/embeddings", body);
        var read = await response.ReadAsync(status);
        if (status == 400)
        {
            var error = read.GetProperty("error").GetProperty("message").GetString()!;
            Assert.StartsWith("input ", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a ", 1_000_000)]
    [InlineData("a", 10_000_000)]
    public async Task Embeddings_LongInput_IsRejected(string text, int times)
    {
        var input = string.Concat(Enumerable.Repeat(text, times));
        using var response = await service.Client.PostAsync(
            "/v1/embeddings",
            $$"""{"model":"mock","input":"{{input}}","dimensions":4096}"""
        );
        var error = await OpenAiError.ReadAsync(response, 400);
        Assert.Equal("input must have at most 1024 words of up to 64 characters, at 4096 dimensions", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","n":128""")]
    [InlineData(""","stream":true""")]
    [InlineData(""","response_format":{"type":"json_object"}""")]
    public async Task Chat_LongMessage_OutputEndsAtMaximum(string fields)
    {
        var content = new string('x', 1_000_000);
        using var response = await service.Client.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"mock","messages":[{"role":"user","content":"{{content}}"}]{{fields}}}"""
        );
        var text = (await response.Content.ReadAsStringAsync()).Replace("index", "", StringComparison.Ordinal);
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Contains("\"length\"", text, StringComparison.Ordinal);
        Assert.InRange(text.Count(c => c == 'x'), MaxCharacters - 5000, MaxCharacters + 100);
    }

    [Fact]
    public async Task Logprobs_LongMessage_AlternativesCountAsOutput()
    {
        var content = new string('x', 100_000);
        using var response = await service.Client.PostAsync(
            "/v1/chat/completions",
            $$"""
            {"model":"mock","messages":[{"role":"user","content":"{{content}}"}],"logprobs":true,"top_logprobs":20}
            """
        );
        var choice = (await response.ReadAsync(200)).GetProperty("choices")[0];
        Assert.Equal(2_048 / 21, choice.GetProperty("logprobs").GetProperty("content").GetArrayLength());
        Assert.Equal("length", choice.GetProperty("finish_reason").GetString());
    }

    [Theory]
    [InlineData("""{"$ref":"#/$defs/a"}""")]
    [InlineData("""{"const":"{{text}}"}""")]
    [InlineData("""{"enum":["{{text}}"]}""")]
    [InlineData("""{"type":"string"}""")]
    public void CreateInstance_LongValueNamedOften_IsBounded(string value)
    {
        var text = new string('x', 50_000);
        var filled = value.Replace("{{text}}", text, StringComparison.Ordinal);
        var properties = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"p{i}\":{filled}"));
        var defs = $$$"""{ "a": { "properties": { "{{{text}}}": { "type": "boolean" } } } }""";
        var schema = $$"""{ "properties": { {{properties}} }, "$defs": {{defs}} }""";
        Assert.InRange(MockJson.CreateInstance(Wire.Json(schema), text)!.ToJsonString().Length, 50_000, 200_000);
    }

    [Fact]
    public async Task Tools_LongMessageAndManyChoices_OutputIsBounded()
    {
        const string Function = """
            {"type":"function","function":{"name":"f",
              "parameters":{"properties":{"a":{"type":"string"},"b":{"type":"string"}}}}}
            """;
        var functions = Enumerable.Repeat(Function, 128);
        using var response = await service.Client.PostAsync(
            "/v1/chat/completions",
            $$"""
            {"model":"mock","n":128,"tools":[{{string.Join(',', functions)}}],
             "messages":[{"role":"user","content":"{{new string('f', 1_000_000)}}"}]}
            """
        );
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.InRange(text.Length, 1, 400_000);
    }

    /// <summary>A client that does not read keeps a response in memory, as often as it has connections.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(128)]
    public async Task Logprobs_AnyNumberOfChoices_ResponseIsSmall(int choices)
    {
        using var response = await service.Client.PostAsync(
            "/v1/chat/completions",
            $$"""
            {"model":"mock","messages":[{"role":"user","content":"{{new string('x', 10_000)}}"}],
             "logprobs":true,"top_logprobs":20,"n":{{choices}}}
            """
        );
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.InRange(text.Length, 1, 400_000);
    }

    [Theory]
    [InlineData("\"tools\":[{\"function\":{\"name\":\"{{long}}\"}}]", 65, "tools[0].function.name")]
    [InlineData("\"stop\":\"{{long}}\"", 1_025, "stop")]
    [InlineData("\"stop\":[\"a\",\"{{long}}\"]", 1_025, "stop[1]")]
    public async Task Name_TooLong_IsRejected(string field, int length, string path)
    {
        var filled = field.Replace("{{long}}", new string('a', length), StringComparison.Ordinal);
        using var response = await service.Client.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"mock","messages":[{"role":"user","content":"Hi"}],{{filled}}}"""
        );
        var error = await OpenAiError.ReadAsync(response, 400);
        Assert.Equal($"{path} must have at most {length - 1} characters", error.Message);
    }

    [Theory]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{{schema}}}}")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{{schema}}}}]")]
    public async Task Schema_TooLarge_IsRejected(string field)
    {
        var schema = $$"""{"description":"{{new string('a', 65_536)}}"}""";
        var filled = field.Replace("{{schema}}", schema, StringComparison.Ordinal);
        using var response = await service.Client.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"mock","messages":[{"role":"user","content":"Hi"}],{{filled}}}"""
        );
        var error = await OpenAiError.ReadAsync(response, 400);
        Assert.EndsWith("must have at most 65536 bytes", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ChatCompletions", """{"model":"mock","messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("Embeddings", """{"model":"mock","input":"Hi"}""")]
    public async Task Request_Cancelled_EndsWork(string protocol, string body)
    {
        var mock = new MockProviderClient(
            Microsoft.Extensions.Options.Options.Create(new MockOptions()),
            TimeProvider.System
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            mock.SendAsync(
                new(
                    CogniForge.Llm.Routing.Provider.Mock,
                    Enum.Parse<CogniForge.Llm.Protocols.Protocol>(protocol),
                    "",
                    System.Text.Encoding.UTF8.GetBytes(body),
                    false,
                    []
                ),
                new CancellationToken(canceled: true)
            )
        );
    }

    [Theory]
    [InlineData("\"\\ud800\"", "input")]
    [InlineData("[\"a\",\"\\ud800\"]", "input[1]")]
    public async Task Embeddings_InvalidUnicode_NamesField(string input, string path)
    {
        using var response = await service.Client.PostAsync(
            "/v1/embeddings",
            $$"""{"model":"mock","input":{{input}}}"""
        );
        var error = await OpenAiError.ReadAsync(response, 400);
        Assert.StartsWith($"{path} must be", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tools", "{}", 129)]
    [InlineData("stop", "\"x\"", 17)]
    public async Task List_TooLong_IsRejected(string name, string item, int count)
    {
        using var response = await service.Client.PostAsync(
            "/v1/chat/completions",
            $$"""
            {"model":"mock","messages":[{"role":"user","content":"Hi"}],
             "{{name}}":[{{string.Join(',', Enumerable.Repeat(item, count))}}]}
            """
        );
        var error = await OpenAiError.ReadAsync(response, 400);
        Assert.Equal($"{name} must have at most {count - 1} entries", error.Message);
    }
}
