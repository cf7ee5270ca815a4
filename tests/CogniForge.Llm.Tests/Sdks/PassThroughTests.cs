using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Protocols;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>Unknown body fields pass through both ways, headers only if listed by name, and secrets never.</summary>
public class PassThroughTests(SdkGateway gateway) : IClassFixture<SdkGateway>
{
    private const string Hello = """[{"role":"user","content":"Hi","x_of_message":{"a":[1,2.50,null]}}]""";

    [Theory]
    [InlineData("/v1/chat/completions", Api.OpenAI)]
    [InlineData("/v1/chat/completions", Api.Anthropic)]
    [InlineData("/v1/messages", Api.OpenAI)]
    [InlineData("/v1/messages", Api.Anthropic)]
    public async Task Body_UnknownFields_PassThroughBothWays(string path, Api provider)
    {
        gateway.Provider(provider).Behaviour = async call =>
        {
            var body =
                provider == Api.OpenAI
                    ? Wire.Node(
                        """{"id":"1","object":"chat.completion","created":5,"model":"m","choices":"""
                            + """[{"index":0,"message":{"role":"assistant","content":"Hello"}"""
                            + ""","finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}"""
                    )
                    : Wire.Node(
                        """{"id":"1","type":"message","role":"assistant","model":"m","content":"""
                            + """[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","usage":"""
                            + """{"input_tokens":1,"output_tokens":1}}"""
                    );
            body["x_of_response"] = Wire.Node("""{"b":[true,1e2]}""");
            await call.JsonAsync(200, body.ToJsonString());
        };
        using var response = await gateway.Client.PostAsync(
            path,
            $$"""{"model":"{{gateway.Model(provider)}}","max_tokens":9,"messages":{{Hello}},"x_of_request":"""
                + """{"c":["d",1.50]},"min_p":7}"""
        );
        var result = await response.ReadAsync(200);

        Assert.Equal("""{"b":[true,1e2]}""", result.GetProperty("x_of_response").GetRawText());
        var sent = gateway.Provider(provider).Calls[^1].Body;
        Assert.Equal("""{"c":["d",1.50]}""", sent.GetProperty("x_of_request").GetRawText());
        Assert.Equal("7", sent.GetProperty("min_p").GetRawText());
    }

    /// <summary>If both use the same protocol, bodies are forwarded byte by byte, except for the model name.</summary>
    [Theory]
    [InlineData("/v1/chat/completions", Api.OpenAI)]
    [InlineData("/v1/messages", Api.Anthropic)]
    [InlineData("/v1/responses", Api.OpenAI)]
    [InlineData("/v1/embeddings", Api.OpenAI)]
    public async Task Body_SameProtocol_IsForwardedUnchanged(string path, Api provider)
    {
        const string Response =
            "{ \"id\" : \"1\",\n \"model\":\"m\", \"data\" : [], "
            + "\"choices\":[{\"index\":0,\"message\":{\"content\":\"\"},\"finish_reason\":\"stop\"}], \"output\":[], "
            + "\"content\":[],\"status\":\"completed\",\"text\":\"\\u00fc ü \\/ 1.0e+3\", \"n\": 1.500, "
            + "\"usage\":{\"input_tokens\":1,\"output_tokens\":1,\"prompt_tokens\":1,\"completion_tokens\":1} }";
        gateway.Provider(provider).Behaviour = call => call.JsonAsync(200, Response);
        var model = gateway.Model(provider);
        var rest = $$"""
            "max_tokens":9,"messages":{{Hello}},"input" : "Gr\u00fc\u00dfe",
              "n":1 ,"unknown":[ 1.50, "\/" ]
            """;
        using var response = await gateway.Client.PostAsync(path, $$"""{"model":"{{model}}",{{rest}}}""");
        Assert.Equal(Response, await response.Content.ReadAsStringAsync());

        var call = gateway.Provider(provider).Calls[^1];
        using var sent = JsonDocument.Parse($$"""{"model":"{{model}}",{{rest}}}""");
        Assert.Equal(Members(sent.RootElement), Members(call.Body));
        Assert.Equal(path, call.Path);
    }

    [Theory]
    [InlineData("/v1/chat/completions", Api.OpenAI)]
    [InlineData("/v1/messages", Api.Anthropic)]
    public async Task Stream_UnknownFieldsAndEvents_ReachClient(string path, Api provider)
    {
        gateway.Provider(provider).Behaviour = async call =>
        {
            await SdkGateway.BeginAsync(provider, call, "Hello");
            await call.WriteAsync("event: x_event\ndata: {\"type\":\"x_event\",\"choices\":[],\"x\":1.50}\n\n");
            await call.WriteAsync(
                provider == Api.OpenAI
                    ? """data: {"choices":[{"index":0,"delta":{"x_delta":2.50},"finish_reason":"stop"}]}""" + "\n\n"
                    : "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":"
                        + "{\"stop_reason\":\"end_turn\"},\"x_delta\":2.50,\"usage\":{\"output_tokens\":3}}\n\n"
            );
        };
        using var response = await gateway.Client.PostAsync(
            path,
            $$"""{"model":"{{gateway.Model(provider)}}","max_tokens":9,"stream":true,"messages":{{Hello}}}"""
        );
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains(
            "event: x_event\ndata: {\"type\":\"x_event\",\"choices\":[],\"x\":1.50}\n\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("\"x_delta\":2.50", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions", Api.OpenAI)]
    [InlineData("/v1/chat/completions", Api.Anthropic)]
    [InlineData("/v1/messages", Api.OpenAI)]
    [InlineData("/v1/messages", Api.Anthropic)]
    public async Task Headers_FromClient_OnlyListedNamesPass(string path, Api provider)
    {
        // cf_dev would be refused: a forwarding header may come from another machine.
        using var created = await gateway.Client.PostAsync(
            "/api/v1/llm/keys",
            """{"name":"client","scopes":["llm:invoke"]}"""
        );
        var key = (await created.ReadAsync(201)).GetProperty("key").GetString()!;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, path))
        {
            Content = Requests.Json(
                $$"""{"model":"{{gateway.Model(provider)}}","max_tokens":9,"messages":{{Hello}}}"""
            ),
        };
        (string Name, string Value)[] passing = [("OpenAI-Beta", "responses=v1"), ("X-Title", "app")];
        (string Name, string Value)[] anthropic =
        [
            ("anthropic-version", "2026-10-21"),
            ("anthropic-beta", "interleaved-thinking-2025-05-14,context-1m-2025-08-07"),
        ];
        string[] secret =
        [
            "Authorization",
            "Cookie",
            "X-Api-Key",
            "Host",
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Real-IP",
            "Via",
            "OpenAI-Organization",
            "traceparent",
            "tracestate",
            "baggage",
            "X-Anything",
            "User-Agent",
            "Proxy-Authorization",
        ];
        foreach (var (name, value) in passing.Concat(anthropic))
        {
            request.Headers.Add(name, value);
        }

        request.Headers.Add("Authorization", $"Bearer {key}");
        foreach (var name in secret.Skip(1))
        {
            request.Headers.TryAddWithoutValidation(name, name == "X-Api-Key" ? key : $"secret-{name}");
        }

        gateway.Provider(provider).Behaviour = call =>
        {
            call.SetHeader("Set-Cookie", "provider=secret");
            call.SetHeader("openai-organization", "org-secret");
            return SdkGateway.RespondAsync(provider, call, new("Hello"));
        };
        using var response = await gateway.Client.SendAsync(request);
        await response.ReadAsync(200);

        var headers = gateway.Provider(provider).Calls[^1].Headers;
        Assert.All(passing, h => Assert.Equal(h.Value, headers[h.Name]));
        Assert.All(anthropic, h => Assert.Equal(provider == Api.Anthropic ? h.Value : "", headers[h.Name].ToString()));
        Assert.DoesNotContain(
            headers,
            h =>
                h.Value.ToString().Contains("secret-", StringComparison.Ordinal)
                || h.Value.ToString().Contains(key, StringComparison.Ordinal)
        );
        Assert.Equal(
            provider == Api.OpenAI ? ("Bearer " + OpenAiWire.Key, "") : ("", AnthropicWire.Key),
            (headers.Authorization.ToString(), headers["x-api-key"].ToString())
        );

        Assert.DoesNotContain(response.Headers, h => h.Key is "Set-Cookie" or "openai-organization");
        Assert.Equal(
            provider == Api.OpenAI ? "req_openai" : "req_anthropic",
            response.Headers.GetValues("x-cogniforge-provider-request-id").Single()
        );
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(401)]
    public async Task Keys_AnyStatus_AreNeverExposed(int status)
    {
        foreach (var provider in Enum.GetValues<Api>())
        {
            gateway.Provider(provider).Behaviour = call =>
                status == 200 ? SdkGateway.RespondAsync(provider, call, new("Hello"))
                : provider == Api.OpenAI ? call.ErrorAsync(status, "invalid_request_error")
                : AnthropicWire.ErrorAsync(call, status, "invalid_request_error", "No");
            foreach (var path in new[] { "/v1/chat/completions", "/v1/messages", "/v1/messages/count_tokens" })
            {
                using var client = gateway.NewClient("cf_dev");
                using var response = await client.PostAsync(
                    path,
                    $$"""{"model":"{{gateway.Model(provider)}}","max_tokens":9,"messages":{{Hello}}}"""
                );
                var received = response.Headers + await response.Content.ReadAsStringAsync();
                Assert.DoesNotContain("secret", received, StringComparison.Ordinal);
            }
        }

        Assert.NotEmpty(gateway.Logged);
        Assert.DoesNotContain(
            gateway.Logged,
            line =>
                line.Contains(OpenAiWire.Key, StringComparison.Ordinal)
                || line.Contains(AnthropicWire.Key, StringComparison.Ordinal)
                || line.Contains("cf_dev", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task DroppedFields_Any_AreListedInHeader()
    {
        gateway.Provider(Api.Anthropic).Behaviour = call => AnthropicWire.RespondAsync(call, new("Hello"));
        using var response = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"{{gateway.Model(Api.Anthropic)}}","messages":{{Hello}},"seed":7,"logprobs":true"""
                + ""","presence_penalty":0}"""
        );
        await response.ReadAsync(200);
        Assert.Equal(
            "seed, logprobs, messages.x_of_message",
            response.Headers.GetValues("x-cogniforge-dropped").Single()
        );
        Assert.False(gateway.Provider(Api.Anthropic).Calls[^1].Body.TryGetProperty("seed", out _));
    }

    [Theory]
    [InlineData("""{"n":2}""", "n")]
    [InlineData("""{"stop":[1],"stop":"END"}""", null)]
    [InlineData("""{"messages":[{"role":"function","name":"f","content":"x"}]}""", "messages[0].role")]
    public async Task UntranslatableField_Any_IsNamedInError(string fields, string? param)
    {
        var messages = fields.Contains("messages", StringComparison.Ordinal) ? "" : $"\"messages\":{Hello},";
        using var response = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"{{gateway.Model(Api.Anthropic)}}",{{messages}}{{fields[1..]}}"""
        );
        var error = await OpenAiError.ReadAsync(response, 400);
        Assert.Equal(param, error.Param);
        Assert.Equal(error.Message.Trim(), error.Message);
    }

    private static IEnumerable<(string, string)> Members(JsonElement body) =>
        body.EnumerateObject().Select(m => (m.Name, m.Value.GetRawText()));
}
