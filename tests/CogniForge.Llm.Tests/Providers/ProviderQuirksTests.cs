using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>What a provider refuses is renamed or dropped before it is sent, and named in a header.</summary>
public sealed class ProviderQuirksTests
{
    private const string Hi = """[{"role":"user","content":"Hi"}]""";

    [Theory]
    // console.groq.com/docs/openai; fanenr/chatbot#21: property 'store' is unsupported
    [InlineData(
        "groq",
        """{"model":"groq/m","messages":[{"role":"user","content":"Hi","name":"Ann"}],"store":true,"logprobs":true}""",
        """{"model":"m","messages":[{"role":"user","content":"Hi"}]}""",
        "logprobs, messages.name, store"
    )]
    // janhq/jan#8136, tashfeenahmed/freellmapi#1070: property 'reasoning_content' is unsupported
    [InlineData(
        "groq",
        """{"model":"groq/m","messages":[{"role":"assistant","content":"A","reasoning_content":"R","refusal":null}]}""",
        """{"model":"m","messages":[{"role":"assistant","content":"A"}]}""",
        "messages.reasoning_content"
    )]
    // jimmc414/claude_n_codex_api_proxy#24: Unrecognized request argument supplied: top_k
    [InlineData(
        "openai",
        """{"model":"openai/m","messages":[],"top_k":5}""",
        """{"model":"m","messages":[]}""",
        "top_k"
    )]
    [InlineData(
        "gemini",
        """{"model":"gemini/m","messages":[],"top_k":5}""",
        """{"model":"m","messages":[]}""",
        "top_k"
    )]
    // Without effect, a dropped field is not worth a word.
    [InlineData(
        "groq",
        """{"model":"groq/m","messages":[],"logprobs":false,"store":false,"logit_bias":{}}""",
        """{"model":"m","messages":[]}""",
        null
    )]
    // A request that the provider accepts passes byte by byte.
    [InlineData("xai", """{"model":"xai/m", "n":1.50}""", """{"model":"m","n":1.50}""", null)]
    // openai/openai-agents-python#442, avante-corp/avante.nvim#2347: stream_options is an extra input
    [InlineData(
        "mistral",
        """{"model":"mistral/m","stream":true,"stream_options":{"include_usage":true},"messages":[]}""",
        """{"model":"m","stream":true,"messages":[]}""",
        null
    )]
    // Gitlawb/openclaude#739, editor-code-assistant/eca#315: max_completion_tokens and store are extra inputs
    [InlineData(
        "mistral",
        """{"model":"mistral/m","max_completion_tokens":7,"store":false,"seed":3,"messages":[]}""",
        """{"model":"m","messages":[],"random_seed":3,"max_tokens":7}""",
        null
    )]
    // charmbracelet/crush#1590: reasoning_content is an extra input
    [InlineData(
        "mistral",
        """{"model":"mistral/m","messages":[{"role":"assistant","content":"A","reasoning_content":"\n"}]}""",
        """{"model":"m","messages":[{"role":"assistant","content":"A"}]}""",
        "messages.reasoning_content"
    )]
    // earendil-works/pi#1048: unknown variant `developer`
    [InlineData(
        "deepseek",
        """{"model":"deepseek/m","messages":[{"role":"developer","content":"Be brief"}]}""",
        """{"model":"m","messages":[{"role":"system","content":"Be brief"}]}""",
        null
    )]
    // cloudflare/cloudflare-os#36: developer is not one of the roles
    [InlineData(
        "ollama",
        """{"model":"ollama/m","messages":[{"role":"developer","content":"Be brief"}],"max_completion_tokens":5}""",
        """{"model":"m","messages":[{"role":"system","content":"Be brief"}],"max_tokens":5}""",
        null
    )]
    // open-webui/open-webui#21266, miaoxworld/NativeTavern#83: also penalties of 0 are refused
    [InlineData(
        "xai",
        """{"model":"xai/grok-4.3","messages":[],"presence_penalty":0,"frequency_penalty":0.5}""",
        """{"model":"grok-4.3","messages":[]}""",
        "frequency_penalty"
    )]
    // charmbracelet/crush#2362, omnigent-ai/omnigent#1686: of some models only
    [InlineData(
        "xai",
        """{"model":"xai/grok-4-1-fast-reasoning","messages":[],"reasoning_effort":"high"}""",
        """{"model":"grok-4-1-fast-reasoning","messages":[]}""",
        "reasoning_effort"
    )]
    [InlineData(
        "xai",
        """{"model":"xai/grok-4.3","messages":[],"reasoning_effort":"xhigh"}""",
        """{"model":"grok-4.3","messages":[],"reasoning_effort":"high"}""",
        null
    )]
    // odysseus-dev/odysseus#3959: invalid temperature, only 1 is allowed
    [InlineData(
        "kimi",
        """{"model":"kimi/kimi-k2.6","messages":[],"temperature":0.3}""",
        """{"model":"kimi-k2.6","messages":[]}""",
        "temperature"
    )]
    [InlineData(
        "kimi",
        """{"model":"kimi/kimi-k2-thinking","messages":[],"temperature":0.3}""",
        """{"model":"kimi-k2-thinking","messages":[],"temperature":0.3}""",
        null
    )]
    // ed-donner/agents#45, leookun/cursor-byok#112, Vali-98/ChatterUI#227: Unknown name
    [InlineData(
        "gemini",
        """{"model":"gemini/m","messages":[],"metadata":{"a":"b"},"store":true,"prompt_cache_key":"k","seed":1}""",
        """{"model":"m","messages":[]}""",
        "metadata, prompt_cache_key, seed, store"
    )]
    [InlineData(
        "gemini",
        """{"model":"gemini/m","messages":[],"reasoning_effort":"max"}""",
        """{"model":"m","messages":[],"reasoning_effort":"high"}""",
        null
    )]
    // voideditor/void#128: max_completion_tokens is refused by some compatible servers
    [InlineData(
        "lmstudio",
        """{"model":"lmstudio/m","max_completion_tokens":9,"messages":[]}""",
        """{"model":"m","messages":[],"max_tokens":9}""",
        null
    )]
    // continuedev/continue#7052, anomalyco/opencode#37964: max_tokens is not supported with this model
    [InlineData(
        "openai",
        """{"model":"openai/gpt-6-luna","messages":[],"max_tokens":9}""",
        """{"model":"gpt-6-luna","messages":[],"max_completion_tokens":9}""",
        null
    )]
    [InlineData(
        "azure",
        """{"model":"azure/o4-mini","messages":[],"max_tokens":9}""",
        """{"model":"o4-mini","messages":[],"max_completion_tokens":9}""",
        null
    )]
    [InlineData(
        "openai",
        """{"model":"openai/gpt-4.1","max_tokens":9,"messages":[]}""",
        """{"model":"gpt-4.1","max_tokens":9,"messages":[]}""",
        null
    )]
    public async Task Chat_KnownProvider_SendsWhatItAccepts(
        string provider,
        string request,
        string sent,
        string? dropped
    )
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = Start(provider, fake);

        // A provider that accepts anything would hide an invalid request here, but not from a real one.
        var body = request
            .Replace("\"messages\":[]", $"\"messages\":{Hi}", StringComparison.Ordinal)
            .Replace("\"n\":1.50", $"\"messages\":{Hi},\"top_p\":0.50", StringComparison.Ordinal);
        var reply = await Reply.ReadAsync(gateway.Client, body);

        Assert.Equal(200, reply.Status);
        Assert.Equal(
            sent.Replace("\"messages\":[]", $"\"messages\":{Hi}", StringComparison.Ordinal)
                .Replace("\"n\":1.50", $"\"messages\":{Hi},\"top_p\":0.50", StringComparison.Ordinal),
            fake.Calls.Single().Body.GetRawText()
        );
        Assert.Equal(
            dropped,
            reply.Headers.TryGetValue("x-cogniforge-dropped", out var names)
                ? string.Join(", ", names.Split(", ").Order(StringComparer.Ordinal))
                : null
        );
    }

    /// <summary>The client writes for Claude, whose limit is <c>max_tokens</c>.</summary>
    [Fact]
    public async Task Chat_FallbackFromClaude_RenamesLimit()
    {
        await using var fake = await FakeProvider.StartAsync();
        fake.Behaviour = call =>
            call.Path == "/v1/messages" ? call.ErrorAsync(529, "overloaded_error") : call.RespondAsync("Hello");
        using var gateway = GatewayHost.Start(
            ("Providers:anthropic:BaseUrl", fake.BaseUrl),
            ("Providers:anthropic:ApiKey", "secret"),
            ("Providers:openai:BaseUrl", fake.BaseUrl),
            ("Providers:openai:ApiKey", "secret"),
            ("Routes:r:Targets:0:Provider", "anthropic"),
            ("Routes:r:Targets:0:Model", "claude-sonnet-5-5"),
            ("Routes:r:Targets:1:Provider", "openai"),
            ("Routes:r:Targets:1:Model", "gpt-6-luna")
        );

        var reply = await Reply.ReadAsync(gateway.Client, $$"""{"model":"r","max_tokens":9,"messages":{{Hi}}}""");

        Assert.Equal(200, reply.Status);
        Assert.Equal(
            $$"""{"model":"gpt-6-luna","messages":{{Hi}},"max_completion_tokens":9}""",
            fake.Calls[^1].Body.GetRawText()
        );
    }

    // anomalyco/opencode#1680, langchain-ai/langchain#24668: must be a-z, A-Z, 0-9, with a length of 9
    [Theory]
    [InlineData("call_PTLP8xhu3uwZk4l3nlnrrJha")]
    [InlineData("toolu_01")]
    [InlineData("turn1_0")]
    [InlineData("2968-LWy3uasib")]
    public async Task Chat_ToolCallOfOtherProvider_GetsMistralsId(string id)
    {
        var call = await SendToolTurnAsync(id);
        var own = call.GetProperty("messages")[1].GetProperty("tool_calls")[0].GetProperty("id").GetString();
        Assert.Matches("^[A-Za-z0-9]{9}$", own);
        Assert.Equal(own, call.GetProperty("messages")[2].GetProperty("tool_call_id").GetString());
    }

    [Fact]
    public async Task Chat_ToolCallOfMistral_KeepsId()
    {
        var call = await SendToolTurnAsync("D681PevKs");
        Assert.Equal("D681PevKs", call.GetProperty("messages")[2].GetProperty("tool_call_id").GetString());
    }

    [Fact]
    public async Task Messages_TranslatedToGroq_DropThinking()
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = Start("groq", fake);
        using var response = await gateway.Client.PostAsync(
            "/v1/messages",
            """
            {"model":"groq/m","max_tokens":9,"messages":[{"role":"user","content":"Hi"},
             {"role":"assistant","content":[{"type":"thinking","thinking":"T","signature":"s"},
              {"type":"text","text":"A"}]},{"role":"user","content":"Go on"}]}
            """
        );
        await response.ReadAsync(200);
        Assert.Equal(
            """{"role":"assistant","content":"A"}""",
            fake.Calls.Single().Body.GetProperty("messages")[1].GetRawText()
        );
    }

    /// <summary>platform.claude.com: of the models up to 4.5, only Opus 4.5 has an effort.</summary>
    [Theory]
    [InlineData("claude-haiku-4-5", false)]
    [InlineData("claude-3-7-sonnet-20250219", false)]
    [InlineData("claude-opus-4-5", true)]
    [InlineData("claude-sonnet-4-6", true)]
    public async Task Chat_Effort_GoesToModelsThatHaveIt(string model, bool hasEffort)
    {
        await using var fake = await FakeProvider.StartAsync();
        fake.Behaviour = call =>
            call.JsonAsync(
                200,
                """
                {"id":"m","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi"}],
                 "stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}
                """
            );
        using var gateway = Start("anthropic", fake);

        var reply = await Reply.ReadAsync(
            gateway.Client,
            $$"""{"model":"anthropic/{{model}}","messages":{{Hi}},"reasoning_effort":"high"}"""
        );

        Assert.Equal(200, reply.Status);
        Assert.Equal(hasEffort, fake.Calls.Single().Body.TryGetProperty("output_config", out _));
        Assert.Equal(!hasEffort, reply.Headers.ContainsKey("x-cogniforge-dropped"));
    }

    [Fact]
    public async Task Chat_RoutesDefaults_FollowQuirks()
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = Start("groq", fake);
        await (
            await gateway.Client.PutAsync(
                "/api/v1/llm/routes/r",
                """{"targets":[{"provider":"groq","model":"m"}],"defaults":{"store":true,"top_p":0.5}}"""
            )
        ).ReadAsync(201);
        await Reply.ReadAsync(gateway.Client, $$"""{"model":"r","messages":{{Hi}}}""");
        Assert.Equal(
            $$"""{"model":"m","messages":{{Hi}},"top_p":0.5}""",
            fake.Calls.Single().Body.GetRawText()
        );
    }

    [Fact]
    public async Task Chat_QuirksOfUser_ReplaceKnownOnes()
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start(
            ("Providers:mine:BaseUrl", fake.BaseUrl),
            ("Providers:mine:Kind", "groq"),
            ("Providers:mine:Quirks:Fields:top_k", ""),
            ("Providers:mine:Quirks:Fields:seed", "random_seed"),
            ("Providers:mine:Quirks:Values:messages.role:developer", "user"),
            ("Providers:mine:Quirks:OutputLimit", "max_tokens"),
            ("Providers:mine:ApiKeyHeader", "x-key"),
            ("Providers:mine:ApiKey", "secret")
        );
        await Reply.ReadAsync(
            gateway.Client,
            """
            {"model":"mine/m","messages":[{"role":"developer","content":"Hi"}],"top_k":1,"seed":2,"store":true,
             "max_completion_tokens":3}
            """
        );
        var call = fake.Calls.Single();
        Assert.Equal(
            """{"model":"m","messages":[{"role":"user","content":"Hi"}],"store":true,"random_seed":2,"max_tokens":3}""",
            call.Body.GetRawText()
        );
        Assert.Equal(("secret", ""), (call.Headers["x-key"].ToString(), call.Headers.Authorization.ToString()));
    }

    [Fact]
    public async Task Put_Quirks_TakeEffect()
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start();
        var provider = $$$"""
            {"kind":"openAICompatible","baseUrl":"{{{fake.BaseUrl}}}",
             "models":[{"model":"m*","fields":{"seed":null}}],"quirks":{"fields":{"top_k":"","a":"b"}}
            }
            """;
        await (await gateway.Client.PutAsync("/api/v1/llm/providers/mine", provider)).ReadAsync(201);
        var reply = await Reply.ReadAsync(
            gateway.Client,
            $$"""{"model":"mine/m","messages":{{Hi}},"top_k":1,"seed":2,"a":3,"max_completion_tokens":4}"""
        );
        Assert.Equal(
            $$"""{"model":"m","messages":{{Hi}},"b":3,"max_tokens":4}""",
            fake.Calls.Single().Body.GetRawText()
        );
        Assert.Equal("seed, top_k", reply.Headers["x-cogniforge-dropped"]);
    }

    private static async Task<JsonElement> SendToolTurnAsync(string id)
    {
        await using var fake = await FakeProvider.StartAsync();
        using var gateway = Start("mistral", fake);
        await Reply.ReadAsync(
            gateway.Client,
            $$$"""
            {"model":"mistral/m","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":null,
              "tool_calls":[{"id":"{{{id}}}","type":"function","function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"{{{id}}}","content":"1"}]}
            """
        );
        return fake.Calls.Single().Body;
    }

    private static GatewayHost Start(string provider, FakeProvider fake) =>
        GatewayHost.Start(
            ($"Providers:{provider}:BaseUrl", fake.BaseUrl),
            ($"Providers:{provider}:ApiKey", "secret")
        );
}
