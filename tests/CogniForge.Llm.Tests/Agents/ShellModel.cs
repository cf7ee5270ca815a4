using System.Collections.Frozen;
using System.Text.Json.Nodes;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Agents;

/// <summary>
/// A model in each format, always streamed: calls the agent's shell once, and then ends. Rejects unknown fields, as the
/// providers do.
/// </summary>
internal static class ShellModel
{
    public const string End = "The sum is known.";

    /// <summary>What the command prints; the command itself does not contain it.</summary>
    public const string Result = "sum-42";

    private const string Command = "echo sum-$((40+2))";
    private static readonly FrozenSet<string> _messagesFields = FrozenSet.Create(
        "model",
        "max_tokens",
        "messages",
        "system",
        "stream",
        "stop_sequences",
        "temperature",
        "top_p",
        "top_k",
        "tools",
        "tool_choice",
        "thinking",
        "output_config",
        "metadata",
        "service_tier",
        "context_management",
        "cache_control",
        "speed"
    );
    private static readonly FrozenSet<string> _chatFields = FrozenSet.Create(
        "model",
        "messages",
        "stream",
        "stream_options",
        "max_tokens",
        "max_completion_tokens",
        "temperature",
        "top_p",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "reasoning_effort",
        "response_format",
        "prompt_cache_key",
        "verbosity",
        "service_tier",
        "metadata",
        "user"
    );

    public static async Task RespondAsync(FakeCall call)
    {
        var body = JsonNode.Parse(call.Body.GetRawText())!.AsObject();
        if (call.Path != "/v1/responses" && FindFault(call.Path, body) is { } fault)
        {
            await call.ErrorAsync(400, "invalid_request_error", null, fault);
            return;
        }

        var tool = body["tools"]
            ?.AsArray()
            .Select(t => (string?)(t!["function"]?["name"] ?? t["name"]))
            .FirstOrDefault(n => n is "Bash" or "exec_command");
        var ends = call.Body.GetRawText().Contains(Result, StringComparison.Ordinal) || tool is null;
        var arguments = new JsonObject { [tool == "Bash" ? "command" : "cmd"] = Command };
        await (
            call.Path switch
            {
                "/v1/messages" => MessagesAsync(call, ends ? null : tool, arguments),
                "/v1/responses" => ResponsesAsync(call, ends ? null : tool, arguments),
                _ => ChatAsync(call, ends ? null : tool, arguments),
            }
        );
    }

    private static string? FindFault(string path, JsonObject body)
    {
        var known = path == "/v1/messages" ? _messagesFields : _chatFields;
        return body.Select(m => m.Key).FirstOrDefault(m => !known.Contains(m)) is { } unknown
                ? $"{unknown}: Extra inputs are not permitted"
            : ((string?)body["user"])?.Length > 64 ? "user: string too long"
            : null;
    }

    private static async Task ChatAsync(FakeCall call, string? tool, JsonObject arguments)
    {
        await call.BeginAsync();
        if (tool is null)
        {
            await call.ChunkAsync(End);
        }
        else
        {
            var delta = new JsonObject
            {
                ["tool_calls"] = new JsonArray(
                    new JsonObject
                    {
                        ["index"] = 0,
                        ["id"] = "call_1",
                        ["type"] = "function",
                        ["function"] = new JsonObject { ["name"] = tool, ["arguments"] = arguments.ToJsonString() },
                    }
                ),
            };
            await call.DataAsync(
                """{"id":"c","model":"m","choices":[{"index":0,"finish_reason":null,"delta":"""
                    + $"{delta.ToJsonString()}}}]}}"
            );
        }

        await call.FinishAsync(tool is null ? "stop" : "tool_calls");
        await call.UsageAsync();
        await call.DoneAsync();
    }

    private static async Task MessagesAsync(FakeCall call, string? tool, JsonObject arguments)
    {
        var block = tool is null
            ? """{"type":"text","text":""}"""
            : $$"""{"type":"tool_use","id":"toolu_1","name":"{{tool}}","input":{} }""";
        JsonObject delta = tool is null
            ? new() { ["type"] = "text_delta", ["text"] = End }
            : new() { ["type"] = "input_json_delta", ["partial_json"] = arguments.ToJsonString() };
        foreach (
            var data in (string[])
                [
                    """
                    {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"m",
                     "content":[],"stop_reason":null,"stop_sequence":null,
                     "usage":{"input_tokens":5,"output_tokens":1}}}
                    """,
                    $$"""{"type":"content_block_start","index":0,"content_block":{{block}}}""",
                    $$"""{"type":"content_block_delta","index":0,"delta":{{delta.ToJsonString()}}}""",
                    """{"type":"content_block_stop","index":0}""",
                    $$$"""
                    {"type":"message_delta","delta":{"stop_reason":"{{{(tool is null ? "end_turn" : "tool_use")}}}",
                     "stop_sequence":null},"usage":{"output_tokens":5}}
                    """,
                    """{"type":"message_stop"}""",
                ]
        )
        {
            await SendAsync(call, data);
        }
    }

    private static async Task ResponsesAsync(FakeCall call, string? tool, JsonObject arguments)
    {
        var item = tool is null
            ? $$"""
                {"type":"message","id":"msg_1","role":"assistant","status":"completed",
                 "content":[{"type":"output_text","text":"{{End}}","annotations":[]}]}
                """
            : $$"""
                {"type":"function_call","id":"fc_1","call_id":"call_1","name":"{{tool}}","status":"completed",
                 "arguments":{{JsonValue.Create(arguments.ToJsonString()).ToJsonString()}}}
                """;
        var response = """
            "id":"resp_1","object":"response","created_at":1,"model":"m"
            """;
        await SendAsync(
            call,
            $$"""
            {"type":"response.created","response":{ {{response}},"status":"in_progress","output":[] } }
            """
        );
        await SendAsync(call, $$"""{"type":"response.output_item.done","output_index":0,"item":{{item}} }""");
        await SendAsync(
            call,
            $$"""
            {"type":"response.completed","response":{ {{response}},"status":"completed","output":[{{item}}],
             "usage":{"input_tokens":5,"output_tokens":5,"total_tokens":10} } }
            """
        );
    }

    private static Task SendAsync(FakeCall call, string data)
    {
        var json = JsonNode.Parse(data)!;
        return call.WriteAsync($"event: {json["type"]}\ndata: {json.ToJsonString()}\n\n");
    }
}
