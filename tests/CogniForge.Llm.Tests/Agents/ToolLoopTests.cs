using System.Text.Json.Nodes;

namespace CogniForge.Llm.Tests.Agents;

/// <summary>
/// Tool loops of two turns, where each provider insists on receiving its own reasoning back: DeepSeek its text
/// (BerriAI/litellm#31439), Gemini its signature (router-for-me/CLIProxyAPI#2360), OpenRouter its details
/// (earendil-works/pi#989), Anthropic its signed block (langgenius/dify#41092), OpenAI its encrypted item, Mistral its
/// part of the content (vercel/ai, @ai-sdk/mistral 3.0.52).
/// </summary>
public sealed class ToolLoopTests(AgentGateway gateway) : IClassFixture<AgentGateway>
{
    public static TheoryData<string, string, bool> Pairs()
    {
        var pairs = new TheoryData<string, string, bool>();
        foreach (var client in AgentClient.All.Keys)
        {
            foreach (var model in InsistingModel.All.Keys)
            {
                pairs.Add(client, model, true);
                pairs.Add(client, model, false);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Reasoning_AnyPair_SurvivesTwoToolTurns(string client, string model, bool stream)
    {
        var insisting = InsistingModel.All[model];
        await RunAsync(insisting, AgentClient.All[client](gateway.Model(insisting.Provider), stream));
    }

    /// <summary>Vercel's AI SDK returns thinking with a signature and encrypted reasoning, and nothing else.</summary>
    [Theory]
    [InlineData("deepseek", true)]
    [InlineData("deepseek", false)]
    [InlineData("mistral", true)]
    [InlineData("mistral", false)]
    [InlineData("openrouter", true)]
    [InlineData("openrouter", false)]
    public async Task Reasoning_OnlySignedReturned_SurvivesTwoToolTurns(string model, bool stream)
    {
        var insisting = InsistingModel.All[model];
        var name = gateway.Model(insisting.Provider);
        await RunAsync(insisting, new MessagesAgent(name, stream, onlySigned: true));
        await RunAsync(insisting, new ResponsesAgent(name, stream, onlySigned: true));
    }

    private async Task RunAsync(InsistingModel insisting, AgentClient agent)
    {
        gateway.Provider.Behaviour = insisting.RespondAsync;
        var before = gateway.Provider.Calls.Count;

        await agent.SendAsync(gateway.Client, "Look");
        await agent.SendResultAsync(gateway.Client, "one");
        await agent.SendResultAsync(gateway.Client, "two");

        Assert.Equal("done", agent.Text);
        Assert.Equal(before + 3, gateway.Provider.Calls.Count);
    }

    /// <summary>Gemini signs texts too; in a stream, in a chunk without text (mozilla-ai/any-llm#1320).</summary>
    [Theory]
    [InlineData("chat", true)]
    [InlineData("messages", true)]
    [InlineData("messages", false)]
    [InlineData("responses", true)]
    [InlineData("responses", false)]
    public async Task Signature_OfTexts_SurvivesTurns(string client, bool stream)
    {
        gateway.Provider.Behaviour = async call =>
        {
            var turn = call.Body.GetProperty("messages").GetArrayLength();
            var extra = $"\"extra_content\":{{\"google\":{{\"thought_signature\":\"S/+{turn}==\"}}}}";
            if (!call.IsStream)
            {
                await call.JsonAsync(
                    200,
                    $$$"""
                    {"id":"c","model":"m","choices":[{"index":0,"finish_reason":"stop",
                     "message":{"role":"assistant","content":"T{{{turn}}}",{{{extra}}}}}]}
                    """
                );
                return;
            }

            await call.BeginAsync();
            await call.ChunkAsync($"T{turn}");
            await call.DataAsync(
                $$$"""
                {"id":"c","model":"m","choices":[{"index":0,"finish_reason":"stop",
                """
                    + $$$"""
                    "delta":{"role":"assistant",{{{extra}}}}}]}
                """
            );
            await call.DoneAsync();
        };
        var agent = AgentClient.All[client](gateway.Model("compat"), stream);
        await agent.SendAsync(gateway.Client, "One");
        await agent.SendAsync(gateway.Client, "Two");
        await agent.SendAsync(gateway.Client, "Three");

        var messages = JsonNode.Parse(gateway.Provider.Calls[^1].Body.GetRawText())!["messages"]!.AsArray();
        Assert.Equal(
            [null, ("T1", "S/+1=="), null, ("T3", "S/+3=="), null],
            messages.Select(m =>
                (string?)m!["role"] == "assistant"
                    ? ((string, string)?)(
                        (string)m["content"]!,
                        (string)m["extra_content"]!["google"]!["thought_signature"]!
                    )
                    : null
            )
        );
        Assert.DoesNotContain(messages, m => m!.AsObject().ContainsKey("reasoning_content"));
    }

    [Fact]
    public async Task Signature_ResultsOfParallelCalls_KeepTheirIds()
    {
        gateway.Provider.Behaviour = call =>
            call.JsonAsync(
                200,
                """
                {"id":"c","model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant",
                 "tool_calls":[{"id":"a","type":"function","function":{"name":"look","arguments":"{}"},
                    "extra_content":{"google":{"thought_signature":"S/+="}}},
                   {"id":"b","type":"function","function":{"name":"look","arguments":"{}"}}]}}]}
                """
            );
        var agent = AgentClient.All["messages"](gateway.Model("compat"), false);
        await agent.SendAsync(gateway.Client, "Look");
        await agent.SendResultAsync(gateway.Client, "r");

        var messages = JsonNode.Parse(gateway.Provider.Calls[^1].Body.GetRawText())!["messages"]!;
        Assert.Equal(["a", "b"], messages[1]!["tool_calls"]!.AsArray().Select(c => (string?)c!["id"]));
        Assert.Equal(["a", "b"], messages.AsArray().Skip(2).Select(m => (string?)m!["tool_call_id"]));
        Assert.Null(messages[1]!["tool_calls"]![1]!["extra_content"]);
    }
}
