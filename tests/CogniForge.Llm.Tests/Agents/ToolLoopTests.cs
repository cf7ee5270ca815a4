using System.Text.Json.Nodes;

namespace CogniForge.Llm.Tests.Agents;

/// <summary>
/// Tool loops of two turns, where each provider insists on receiving its own reasoning back: DeepSeek its text
/// (BerriAI/litellm#31439), Gemini its signature (router-for-me/CLIProxyAPI#2360), OpenRouter its details
/// (earendil-works/pi#989), Anthropic its signed block (langgenius/dify#41092), OpenAI its encrypted item.
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
        gateway.Provider.Behaviour = insisting.RespondAsync;
        var before = gateway.Provider.Calls.Count;
        var agent = AgentClient.All[client](gateway.Model(insisting.Provider), stream);

        await agent.SendAsync(gateway.Client, "Look");
        await agent.SendResultAsync(gateway.Client, "one");
        await agent.SendResultAsync(gateway.Client, "two");

        Assert.Equal("done", agent.Text);
        Assert.Equal(before + 3, gateway.Provider.Calls.Count);
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
