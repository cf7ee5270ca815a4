using System.Text;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Api;

public class ChatCompletionErrorsTests(LlmService service) : IClassFixture<LlmService>
{
    private const string Path = "/v1/chat/completions";
    private const string Valid = """{"model":"mock","messages":[{"role":"user","content":"Hello"}]}""";

    [Theory]
    [InlineData(
        """{"messages":[{"role":"user","content":"a"}]}""",
        "model",
        "model must be a string of valid Unicode that is not empty"
    )]
    [InlineData(
        """{"model":"","messages":[{"role":"user","content":"a"}]}""",
        "model",
        "model must be a string of valid Unicode that is not empty"
    )]
    [InlineData(
        """{"model":7,"messages":[{"role":"user","content":"a"}]}""",
        "model",
        "model must be a string of valid Unicode that is not empty"
    )]
    [InlineData("""{"model":"mock"}""", "messages", "messages must be an array with at least one message")]
    [InlineData(
        """{"model":"mock","messages":[]}""",
        "messages",
        "messages must be an array with at least one message"
    )]
    [InlineData(
        """{"model":"mock","messages":"Hello"}""",
        "messages",
        "messages must be an array with at least one message"
    )]
    [InlineData("""{"model":"mock","messages":["Hello"]}""", "messages[0]", "messages[0] must be an object")]
    [InlineData(
        """{"model":"mock","messages":[{"role":"user","content":"a"},{"content":"a"}]}""",
        "messages[1].role",
        "messages[1].role must be a string of valid Unicode that is not empty"
    )]
    [InlineData(
        """{"model":"mock","messages":[{"role":"human","content":"a"}]}""",
        "messages[0].role",
        "messages[0].role must be one of developer, system, user, assistant, tool, function"
    )]
    [InlineData(
        """{"model":"mock","messages":[{"role":"user"}]}""",
        "messages[0].content",
        "messages[0].content must be a string of valid Unicode or an array of parts"
    )]
    [InlineData(
        """{"model":"mock","messages":[{"role":"user","content":7}]}""",
        "messages[0].content",
        "messages[0].content must be a string of valid Unicode or an array of parts"
    )]
    [InlineData(
        """{"model":"mock","messages":[{"role":"user","content":"a"}],"deferred":true}""",
        "deferred",
        "deferred must be false: the result could not be fetched"
    )]
    [InlineData(
        """{"model":"mock","messages":[{"role":"user","content":"a"}],"max_tokens":0}""",
        "max_tokens",
        "max_tokens must be a whole number, 1 or more"
    )]
    [InlineData(
        """{"model":"mock","messages":[{"role":"user","content":"a"}],"max_tokens":2147483648}""",
        "max_tokens",
        "max_tokens must be a whole number, 1 to 2147483647"
    )]
    [InlineData(
        """{"model":"mock","messages":[{"role":"user","content":[{"type":"text","text":"a"},null]}]}""",
        "messages[0].content[1]",
        "messages[0].content[1] must be an object"
    )]
    [InlineData(
        """{"model":"mock","messages":[{"role":"user","content":["a"]}]}""",
        "messages[0].content[0]",
        "messages[0].content[0] must be an object"
    )]
    [InlineData(
        """{"model":"mock","messages":[{"role":"user","content":"a"}],"max_tokens":1.5}""",
        "max_tokens",
        "max_tokens must be a whole number, 1 or more"
    )]
    [InlineData(
        """{"model":"mock","messages":[{"role":"user","content":"a"}],"max_completion_tokens":"9"}""",
        "max_completion_tokens",
        "max_completion_tokens must be a whole number, 1 or more"
    )]
    [InlineData(
        """{"model":"mock","messages":[{"role":"user","content":"a"}],"stream":"yes"}""",
        "stream",
        "stream must be true or false"
    )]
    [InlineData("""[]""", null, "The body must be a JSON object")]
    [InlineData("""null""", null, "The body must be a JSON object")]
    public async Task Post_InvalidField_ReturnsFieldError(string body, string? param, string message)
    {
        using var response = await service.Client.PostAsync(Path, body);
        var error = await OpenAiError.ReadAsync(response, 400);
        Assert.Equal(new(message, "invalid_request_error", param, null), error);
    }

    [Fact]
    public async Task Post_SeveralInvalidFields_ReturnsAllErrors()
    {
        using var response = await service.Client.PostAsync(Path, """{"messages":[{"role":"x"}],"max_tokens":-1}""");
        var error = await OpenAiError.ReadAsync(response, 400);
        Assert.All(
            ["model must", "messages[0].role must", "messages[0].content must", "max_tokens must"],
            rule => Assert.Contains(rule, error.Message, StringComparison.Ordinal)
        );
        Assert.Equal("model", error.Param);
    }

    [Theory]
    [InlineData("""{"model":"\ud800","messages":[{"role":"user","content":"a"}]}""", "model")]
    [InlineData("""{"model":"mock","messages":[{"role":"\ud800","content":"a"}]}""", "messages[0].role")]
    [InlineData("""{"model":"mock","messages":[{"role":"user","content":"a\udc00"}]}""", "messages[0].content")]
    [InlineData(
        """{"model":"mock","messages":[{"role":"user","content":[{"type":"text","text":"\ud800"}]}]}""",
        "messages[0].content"
    )]
    [InlineData("""{"model":"mock","messages":[{"role":"user","content":"a"}],"\ud800":1}""", null)]
    [InlineData("""{"model":"mock","messages":[{"role":"user","content":"a","\ud800\ud800\ud800":1}]}""", null)]
    public async Task Post_InvalidUnicode_ReturnsFieldError(string body, string? param)
    {
        using var response = await service.Client.PostAsync(Path, body);
        Assert.Equal(param, (await OpenAiError.ReadAsync(response, 400)).Param);
    }

    [Fact]
    public async Task Post_InvalidUtf8_ReturnsFieldError()
    {
        using var content = new ByteArrayContent([
            .. """{"model":"mock","messages":[{"role":"user","content":"""u8,
            (byte)'"',
            0xFF,
            (byte)'"',
            .. "}]}"u8,
        ]);
        content.Headers.ContentType = new("application/json");
        using var response = await service.Client.PostAsync(new Uri(Path, UriKind.Relative), content);
        Assert.Equal("messages[0].content", (await OpenAiError.ReadAsync(response, 400)).Param);
    }

    [Theory]
    [InlineData("""{"model":"mock",""")]
    [InlineData("Hello")]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Post_InvalidJson_IsRejected(string body)
    {
        using var response = await service.Client.PostAsync(Path, body);
        var error = await OpenAiError.ReadAsync(response, 400);
        Assert.Equal("invalid_request_error", error.Type);
        Assert.Contains("JSON", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("both")]
    [InlineData("mixed")] // translated
    public async Task Post_NestedTooDeeply_IsRejected(string model)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        string Nested(int levels) => $",\"x\":{new string('[', levels)}{new string(']', levels)}";
        var deep = await gateway.SendAsync(model, false, Nested(47)); // the body itself is the 48th level
        Assert.Equal(200, deep.Status);

        foreach (var levels in new[] { 48, 60, 100 })
        {
            var deeper = await gateway.SendAsync(model, false, Nested(levels));
            Assert.Equal(400, deeper.Status);
            Assert.Equal(
                "The body must not be nested more than 48 levels deep",
                deeper.Error!.Value.GetProperty("message").GetString()
            );
        }
    }

    [Fact]
    public async Task Post_DuplicateMemberToTranslate_IsRejected()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        var reply = await gateway.SendAsync("claude/claude-a", false, ",\"x\":1,\"x\":2");
        Assert.Equal(
            "The body must not contain duplicate names or invalid Unicode, because it is translated for this model",
            reply.Error!.Value.GetProperty("message").GetString()
        );
    }

    [Theory]
    [InlineData("gpt-6-luna", "openai")]
    [InlineData("claude-opus-5", "anthropic")]
    [InlineData("anthropic/claude-opus-5", "anthropic")]
    [InlineData("openrouter/meta-llama/llama-4", "openrouter")]
    public async Task Post_ProviderWithoutKey_NamesSetting(string model, string provider)
    {
        using var response = await service.Client.PostAsync(
            Path,
            Valid.Replace("mock", model, StringComparison.Ordinal)
        );
        var error = await OpenAiError.ReadAsync(response, 404);
        Assert.Equal("model_not_found", error.Code);
        Assert.Equal(
            $"The model '{model}' does not exist: the provider {provider} is not configured. "
                + $"Set its API key in Providers__{provider}__ApiKey, or create a route of that name; "
                + "GET /v1/models lists the available models.",
            error.Message
        );
    }

    [Fact]
    public async Task Post_UnknownModel_IsNotFound()
    {
        using var response = await service.Client.PostAsync(
            Path,
            """{"model":"gpt-none","messages":[{"role":"user","content":"a"}]}"""
        );
        var error = await OpenAiError.ReadAsync(response, 404);
        Assert.Equal(("invalid_request_error", "model", "model_not_found"), (error.Type, error.Param, error.Code));
        Assert.Contains("'gpt-none' does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_UnknownKey_IsUnauthorized()
    {
        using var client = service.NewClient("cf_unknown");
        using var response = await client.PostAsync(Path, Valid);
        var error = await OpenAiError.ReadAsync(response, 401);
        Assert.Equal(("invalid_request_error", "invalid_api_key"), (error.Type, error.Code));
        Assert.Contains("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_KeyWithoutScope_IsForbidden()
    {
        using var client = service.NewClient(await service.CreateKeyAsync("llm", "llm:read"));
        using var response = await client.PostAsync(Path, Valid);
        var error = await OpenAiError.ReadAsync(response, 403);
        Assert.Equal("permission_error", error.Type);
        Assert.Contains("llm:invoke", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/chat")]
    public async Task Post_UnknownPath_IsNotFound(string path)
    {
        using var response = await service.Client.PostAsync(path, Valid);
        Assert.Equal("invalid_request_error", (await OpenAiError.ReadAsync(response, 404)).Type);
    }

    [Fact]
    public async Task Get_Completions_IsMethodNotAllowed()
    {
        using var response = await service.Client.GetAsync(Path);
        Assert.Equal("invalid_request_error", (await OpenAiError.ReadAsync(response, 405)).Type);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Post_TooLarge_IsRejectedBeforeReading()
    {
        using var response = await service.Client.PostLargeAsync(Path, 33 * 1024 * 1024);
        var error = await OpenAiError.ReadAsync(response, 413);
        Assert.Equal("invalid_request_error", error.Type);
        Assert.Equal("The body exceeds the maximum size of 33554432 bytes.", error.Message);
    }

    [Theory]
    [InlineData("gzip", 400, "must be compressed as 'Content-Encoding' says")]
    [InlineData("zstd", 415, "'Content-Encoding' must be one of gzip, deflate, br.")]
    public async Task Post_OtherwiseCompressed_NamesHeader(string encoding, int status, string rule)
    {
        using var content = new ByteArrayContent([1, 2, 3, 4]);
        content.Headers.ContentType = new("application/json");
        content.Headers.ContentEncoding.Add(encoding);
        using var response = await service.Client.PostAsync(new Uri(Path, UriKind.Relative), content);
        Assert.Contains(rule, (await OpenAiError.ReadAsync(response, status)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_OtherMediaType_IsRejected()
    {
        using var content = new StringContent(Valid, Encoding.UTF8, "text/plain");
        using var response = await service.Client.PostAsync(new Uri(Path, UriKind.Relative), content);
        var error = await OpenAiError.ReadAsync(response, 415);
        Assert.Contains("application/json", error.Message, StringComparison.Ordinal);
    }
}
