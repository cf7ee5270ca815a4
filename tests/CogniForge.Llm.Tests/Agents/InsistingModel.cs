using System.Text.Json.Nodes;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Agents;

/// <summary>
/// A model that reasons and calls the tool <c>look</c> in two turns, then sends "done". It rejects a history whose
/// assistant turns lack the reasoning that it sent.
/// </summary>
/// <param name="Provider">The provider's name at <see cref="AgentGateway"/>.</param>
/// <param name="Reasoning">
/// The chat message's members, the content blocks or the items of a turn's reasoning, as JSON; <c>N</c>: the turn.
/// </param>
/// <param name="IsInCall">Whether the members belong to the call of a chat message.</param>
internal sealed record InsistingModel(string Provider, string Reasoning, bool IsInCall = false)
{
    public static Dictionary<string, InsistingModel> All { get; } =
        new()
        {
            ["deepseek"] = new("compat", """{"reasoning_content":"hm N"}"""),
            ["gemini"] = new(
                "compat",
                """{"extra_content":{"google":{"thought_signature":"S/+N=="}}}""",
                IsInCall: true
            ),
            ["gemini text"] = new("compat", """{"extra_content":{"google":{"thought_signature":"T/+N=="}}}"""),
            ["mistral"] = new(
                "mistral",
                """{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm N"}]}]}"""
            ),
            ["openrouter"] = new(
                "openrouter",
                """
                {"reasoning_details":[{"type":"reasoning.text","text":"hm N","signature":"sig N","index":0,
                  "format":"anthropic-claude-v1"},{"type":"reasoning.encrypted","data":"N==","id":"r","index":1}]}
                """
            ),
            ["anthropic"] = new(
                "anthropic",
                """
                [{"type":"thinking","thinking":"hm N","signature":"SIGN=="},{"type":"redacted_thinking","data":"RN="}]
                """
            ),
            ["openai"] = new("openai", """[{"type":"reasoning","summary":[],"encrypted_content":"gAAAAN"}]"""),
        };

    public Task RespondAsync(FakeCall call)
    {
        var body = JsonNode.Parse(call.Body.GetRawText())!.AsObject();
        return call.Path switch
        {
            "/v1/messages" => new InsistingMessages(this).RespondAsync(call, body),
            "/v1/responses" => new InsistingResponses(this).RespondAsync(call, body),
            _ => new InsistingChat(this).RespondAsync(call, body),
        };
    }

    /// <summary>The reasoning of a turn.</summary>
    public JsonNode ForTurn(int turn) =>
        JsonNode.Parse(Reasoning.Replace("N", $"{turn}", StringComparison.Ordinal))!;

    /// <summary>Rejects a request as providers do.</summary>
    public static Task RejectAsync(FakeCall call, JsonNode? got) =>
        call.JsonAsync(
            400,
            new JsonObject
            {
                ["type"] = "error",
                ["error"] = new JsonObject
                {
                    ["type"] = "invalid_request_error",
                    ["message"] = $"The reasoning must be passed back; got {got?.ToJsonString()}",
                },
            }.ToJsonString()
        );

    public static bool Has(JsonObject all, JsonObject part) =>
        part.All(m => JsonNode.DeepEquals(all[m.Key], m.Value));
}
