using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>Creates the chunks of a chat stream, which share one id, model and creation time.</summary>
/// <param name="created">The start of the stream, in Unix seconds.</param>
/// <param name="includeUsage">Whether a last chunk has the usage; all other chunks then have a null usage.</param>
internal sealed class ChatChunkFactory(long created, bool includeUsage)
{
    private List<SseEvent> _chunks = [];
    private (string Id, string Model)? _identity;

    public void Start(string id, string model)
    {
        _identity = (id, model);
        Delta(new() { ["role"] = "assistant", ["content"] = "" });
    }

    /// <summary>Adds a part of the output, or its end.</summary>
    /// <exception cref="JsonException">The stream has not started.</exception>
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

    /// <summary>Adds a fragment of a tool call.</summary>
    public void ToolCall(JsonObject fragment) => Delta(new() { ["tool_calls"] = new JsonArray(fragment) });

    /// <summary>Adds the usage if the client requests it.</summary>
    public void Usage(TokenUsage usage)
    {
        if (includeUsage)
        {
            Write([], ChatUsage.Write(usage));
        }
    }

    /// <summary>Returns the chunks added since the last call.</summary>
    public IReadOnlyList<SseEvent> Take()
    {
        var chunks = _chunks;
        _chunks = [];
        return chunks;
    }

    private void Write(JsonArray choices, JsonObject? usage)
    {
        var (id, model) = _identity ?? throw new JsonException("The stream does not begin with message_start.");
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
