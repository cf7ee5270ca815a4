using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Limits;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.ProviderState;

/// <summary>Clients of one account at a provider cannot use each other's responses, files and containers.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class StatefulReferencesTests(RealServers servers)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PreviousResponse_OfAnotherKey_Returns404(bool stream)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var ((_, one), (_, other)) = (await gateway.NewKeyAsync("{}"), await gateway.NewKeyAsync("{}"));
        provider.Behaviour = RespondAsync;
        using var begun = await one.ChatAsync(Ask(stream: stream), "/v1/responses");
        Assert.Equal(200, (int)begun.StatusCode);
        await begun.Content.ReadAsStringAsync();

        using var foreign = await other.ChatAsync(Ask("resp_1"), "/v1/responses");
        using var item = await other.ChatAsync(AskItem("msg_1"), "/v1/responses");

        var error = await OpenAiError.ReadAsync(foreign, 404);
        Assert.Equal(("previous_response_id", "reference_not_found"), (error.Param, error.Code));
        Assert.Equal("input[0].id", (await OpenAiError.ReadAsync(item, 404)).Param);
        Assert.Single(provider.Calls);
        Assert.Equal(200, await StatusAsync(one, Ask("resp_1")));
        Assert.Equal(200, await StatusAsync(one, AskItem("msg_1")));
    }

    [Theory]
    [InlineData("\"previous_response_id\":{\"id\":\"resp_1\"}", "previous_response_id")]
    [InlineData("\"previous_response_id\":[\"resp_1\"]", "previous_response_id")]
    [InlineData("\"previous_response_id\":7", "previous_response_id")]
    [InlineData("\"conversation\":{\"id\":{}}", "conversation.id")]
    [InlineData("\"conversation\":true", "conversation")]
    [InlineData("\"prompt\":{\"id\":[\"p\"]}", "prompt.id")]
    [InlineData("\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[{}]}]", "tools[0].vector_store_ids")]
    public async Task Reference_NotString_Returns400(string field, string path)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync("{}");

        using var response = await client.ChatAsync(
            $$"""{"model":"openai-fake/fake","max_output_tokens":4,"input":"Hi",{{field}}}""",
            "/v1/responses"
        );

        Assert.Equal(path, (await OpenAiError.ReadAsync(response, 400)).Param);
        Assert.Empty(provider.Calls);
    }

    [Fact]
    public async Task PreviousResponse_OfOtherReplica_IsFound()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = RespondAsync;
        var database = await servers.NewDatabaseAsync();
        await using var first = await StartOnAsync(database, provider);
        await using var second = await StartOnAsync(database, provider);
        using var one = first.NewClient(await first.CreateKeyAsync("llm", "llm:invoke"));
        Assert.Equal(200, await StatusAsync(one, Ask()));

        var key = one.DefaultRequestHeaders.Authorization!.Parameter;
        using var same = second.NewClient(key);
        using var other = second.NewClient(await first.CreateKeyAsync("llm", "llm:invoke"));

        Assert.Equal(200, await StatusAsync(same, Ask("resp_1")));
        Assert.Equal(404, await StatusAsync(other, Ask("resp_1")));
    }

    [Theory]
    [InlineData("/v1/responses", "\"input\":\"Hi\",\"conversation\":\"conv_1\"", "conversation")]
    [InlineData("/v1/responses", "\"input\":\"Hi\",\"conversation\":{\"id\":\"conv_1\"}", "conversation.id")]
    [InlineData("/v1/responses", "\"input\":\"Hi\",\"prompt\":{\"id\":\"pmpt_1\"}", "prompt.id")]
    [InlineData(
        "/v1/responses",
        "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file_id\":\"f\"}]}]",
        "input[0].content[0].file_id"
    )]
    [InlineData("/v1/responses", "\"input\":[{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[]}]", "input[0].id")]
    [InlineData("/v1/responses", "\"input\":[{\"type\":null,\"id\":\"msg_1\"}]", "input[0].id")]
    [InlineData(
        "/v1/responses",
        "\"input\":\"Hi\",\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"vs_1\"]}]",
        "tools[0].vector_store_ids"
    )]
    [InlineData(
        "/v1/responses",
        "\"input\":\"Hi\",\"tools\":[{\"type\":\"code_interpreter\",\"container\":\"cntr_1\"}]",
        "tools[0].container"
    )]
    [InlineData(
        "/v1/responses",
        "\"input\":\"Hi\",\"tools\":[{\"type\":\"mcp\",\"server_url\":\"https://example.org\"}]",
        "tools[0].server_url"
    )]
    [InlineData("/v1/responses", "\"input\":\"Hi\",\"previous\\u005fresponse_id\":\"resp_1\"", "previous_response_id")]
    [InlineData(
        "/v1/responses",
        "\"input\":\"Hi\",\"previous_response_id\":\"resp_1\",\"previous_response_id\":null",
        "previous_response_id"
    )]
    [InlineData(
        "/v1/chat/completions",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"f\"}}]}]",
        "messages[0].content[0].file.file_id"
    )]
    [InlineData(
        "/v1/chat/completions",
        "\"messages\":[{\"role\":\"assistant\",\"audio\":{\"id\":\"audio_1\"}}]",
        "messages[0].audio.id"
    )]
    [InlineData(
        "/v1/messages",
        "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"container\":\"c\"",
        "container"
    )]
    [InlineData(
        "/v1/messages",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"file_id\":\"f\"}}]}]",
        "messages[0].content[0].source.file_id"
    )]
    [InlineData(
        "/v1/messages",
        "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"mcp_servers\":[{\"url\":\"https://example.org\"}]",
        "mcp_servers[0]"
    )]
    [InlineData(
        "/v1/messages/count_tokens",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"document\",\"source\":{\"file_id\":\"f\"}}]}]",
        "messages[0].content[0].source.file_id"
    )]
    public async Task Reference_NotReturnedToKey_IsRefused(string path, string fields, string field)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var model = path.StartsWith("/v1/messages", StringComparison.Ordinal) ? "anthropic-fake" : "openai-fake";
        var (_, client) = await gateway.NewKeyAsync("{}");

        using var refused = await client.ChatAsync(
            $$"""{"model":"{{model}}/fake","max_tokens":4,{{fields}}}""",
            path
        );

        Assert.Contains((int)refused.StatusCode, new[] { 400, 404 });
        Assert.Contains($"{field} ", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(provider.Calls);
    }

    [Theory]
    [InlineData("none", 400)]
    [InlineData("own", 404)]
    [InlineData("any", 200)]
    public async Task Route_StatefulReferences_DecidesForeignIds(string allowed, int status)
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = RespondAsync;
        await using var gateway = await LimitedGateway.WithAsync(
            provider,
            null,
            ("Routes:file:Targets:0:Provider", "openai-fake"),
            ("Routes:file:Targets:0:Model", "fake"),
            ("Routes:file:StatefulReferences", allowed)
        );
        using var put = await gateway.Client.PutAsync(
            "/api/v1/llm/routes/api",
            $$"""{"targets":[{"provider":"openai-fake","model":"fake"}],"statefulReferences":"{{allowed}}"}"""
        );
        Assert.Equal(allowed, (await put.ReadAsync(201)).GetProperty("statefulReferences").GetString());
        var (_, client) = await gateway.NewKeyAsync("{}");

        Assert.Equal(
            (status, status),
            (await StatusAsync(client, Ask("resp_9", "file")), await StatusAsync(client, Ask("resp_9", "api")))
        );
    }

    [Fact]
    public async Task OwnData_WithNamesOfReferences_Passes()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call => call.JsonAsync(
            200,
            """
            {"id":"m","type":"message","role":"assistant","model":"fake","content":[{"type":"text","text":"Hi"}],
             "stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}
            """
        );
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync("{}");

        using var response = await client.ChatAsync(
            """
            {"model":"anthropic-fake/fake","max_tokens":4,"metadata":{"user_id":"u","file_id":"f"},
             "tools":[{"name":"f","input_schema":{"type":"object"},"input_examples":[{"file_id":"f"}]}],
             "messages":[{"role":"user","content":"Hi"},
               {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{"file_id":"f"}}]},
               {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"ok"}]}]}
            """,
            "/v1/messages"
        );

        await response.ReadAsync(200);
    }

    [Fact]
    public async Task Betas_NotAllowed_AreDroppedAndReported()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        using var put = await gateway.Client.PutAsync(
            "/api/v1/llm/routes/files",
            """{"targets":[{"provider":"anthropic-fake","model":"fake"}],"allowedBetas":["files-api-*"]}"""
        );
        await put.ReadAsync(201);
        provider.Behaviour = call => call.JsonAsync(
            200,
            """
            {"id":"m","type":"message","role":"assistant","model":"fake","content":[{"type":"text","text":"Hi"}],
             "stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}
            """
        );
        var (_, client) = await gateway.NewKeyAsync("{}");
        client.DefaultRequestHeaders.Add("anthropic-beta", "files-api-2025-04-14, effort-2025-11-24");
        foreach (
            var (model, passed, dropped) in new[]
            {
                ("anthropic-fake/fake", "effort-2025-11-24", "anthropic-beta: files-api-2025-04-14"),
                ("files", "files-api-2025-04-14", "anthropic-beta: effort-2025-11-24"),
            }
        )
        {
            using var response = await client.ChatAsync(
                $$"""{"model":"{{model}}","max_tokens":4,"messages":[{"role":"user","content":"Hi"}]}""",
                "/v1/messages"
            );
            await response.ReadAsync(200);
            Assert.Equal(passed, provider.Calls[^1].Headers["anthropic-beta"]);
            Assert.Equal(dropped, response.Header("x-cogniforge-dropped"));
        }
    }

    private static Task<GatewayHost> StartOnAsync(string database, FakeProvider provider) =>
        GatewayHost.StartOnAsync(
            database,
            ("Providers:openai-fake:Kind", "OpenAI"),
            ("Providers:openai-fake:BaseUrl", provider.BaseUrl)
        );

    private static async Task<int> StatusAsync(HttpClient client, string body)
    {
        using var response = await client.ChatAsync(body, "/v1/responses");
        return (int)response.StatusCode;
    }

    private static string Ask(string? previous = null, string model = "openai-fake/fake", bool stream = false) =>
        $$"""
            {"model":"{{model}}","input":"Hi","stream":{{(stream ? "true" : "false")}},
             "previous_response_id":{{(previous is null ? "null" : $"\"{previous}\"")}}}
            """;

    private static string AskItem(string id) =>
        $$"""{"model":"openai-fake/fake","input":[{"type":"item_reference","id":"{{id}}"}]}""";

    private static async Task RespondAsync(FakeCall call)
    {
        const string Response = """
            {"id":"resp_1","object":"response","model":"fake","status":"completed","store":true,
             "output":[{"type":"message","id":"msg_1","role":"assistant","status":"completed",
               "content":[{"type":"output_text","text":"Hi","annotations":[]}]}],
             "usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}
            """;
        if (!call.IsStream)
        {
            await call.JsonAsync(200, Response);
            return;
        }

        var line = Response.ReplaceLineEndings("");
        await call.WriteAsync(
            $"event: response.created\ndata: {{\"type\":\"response.created\",\"response\":{line}}}\n\n"
        );
        await call.WriteAsync(
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}\n\n"
        );
        await call.WriteAsync(
            $"event: response.completed\ndata: {{\"type\":\"response.completed\",\"response\":{line}}}\n\n"
        );
    }
}
