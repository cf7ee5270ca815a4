using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>Writes the chunks of a chat stream, which all have the same id, model and time.</summary>
/// <param name="created">When the stream began, in seconds since 1970.</param>
/// <param name="includeUsage">Whether the last chunk has the usage; all others then have none.</param>
internal sealed class ChatChunkFactory(long created, bool includeUsage)
{
    private List<SseEvent> _chunks = [];
    private (string Id, string Model)? _of;

    /// <summary>Begins the stream.</summary>
    public void Start(string id, string model)
    {
        _of = (id, model);
        Delta(new() { ["role"] = "assistant", ["content"] = "" });
    }

    /// <summary>Writes a part of the answer, or its end.</summary>
    /// <exception cref="JsonException">The stream has not begun.</exception>
    public void Delta(JsonObject delta, string? finishReason = null) =>
        Write(
            [
                new JsonObject
                {
                    ["index"] = 0,
                    ["delta"] = delta,
                    ["logprobs"] = null,
                    ["finish_reason"] = finishReason,
                },
            ],
            null
        );

    /// <summary>Writes a fragment of a tool call.</summary>
    public void ToolCall(JsonObject fragment) => Delta(new() { ["tool_calls"] = new JsonArray(fragment) });

    /// <summary>Writes the usage, if the client wants it.</summary>
    public void Usage(TokenUsage usage)
    {
        if (includeUsage)
        {
            Write([], ChatUsage.Write(usage));
        }
    }

    /// <summary>The chunks since the last time.</summary>
    public IReadOnlyList<SseEvent> Take()
    {
        var chunks = _chunks;
        _chunks = [];
        return chunks;
    }

    private void Write(JsonArray choices, JsonObject? usage)
    {
        var (id, model) = _of ?? throw new JsonException("The stream does not begin with message_start.");
        var chunk = new JsonObject
        {
            ["id"] = id,
            ["object"] = "chat.completion.chunk",
            ["created"] = created,
            ["model"] = model,
            ["choices"] = choices,
        };
        if (includeUsage)
        {
            chunk["usage"] = usage;
        }

        _chunks.Add(SseEvent.Create(null, chunk));
    }
}
