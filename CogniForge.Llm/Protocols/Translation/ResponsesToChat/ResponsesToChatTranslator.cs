using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>
/// Connects clients of OpenAI's responses to providers of chat completions. The gateway stores no responses, so it
/// drops <c>store</c> and rejects references to earlier responses.
/// </summary>
internal sealed class ResponsesToChatTranslator : ITranslator
{
    public Protocol Client => Protocol.Responses;

    public Protocol Provider => Protocol.ChatCompletions;

    public TranslatedRequest Request(JsonObject body)
    {
        var copy = CopyStrict(body);
        var chat = new JsonObject();
        var dropped = new List<string>();
        foreach (var (name, value) in copy)
        {
            if (value is not null) // null is the default in both protocols
            {
                Add(chat, dropped, name, value);
            }
        }

        chat["messages"] = MessagesTranslator.Translate(copy["instructions"], copy["input"]);
        ToolsTranslator.RemoveChoiceWithoutTools(chat);
        return new(chat, dropped);
    }

    public JsonObject Response(JsonObject request, JsonObject body) =>
        StreamTranslator.TranslateResponse(request, StrictJson.Copy(body));

    public IStreamTranslator Stream(JsonObject request) => new StreamTranslator(request);

    /// <summary>Copies a client's body, so that reading it throws no <see cref="JsonException"/> later.</summary>
    private static JsonObject CopyStrict(JsonObject body)
    {
        try
        {
            return StrictJson.Copy(body);
        }
        catch (JsonException)
        {
            throw new UnsupportedByProviderException("", StrictJson.Rule);
        }
    }

    private static void Add(JsonObject chat, List<string> dropped, string name, JsonNode value)
    {
        switch (name)
        {
            case "input" or "instructions" or "messages":
                break;
            case "previous_response_id" or "conversation":
                throw new UnsupportedByProviderException(
                    name,
                    "is not supported: the gateway stores nothing for this model, send the whole conversation in input"
                );
            case "prompt":
                throw new UnsupportedByProviderException(
                    name,
                    "is not supported: only OpenAI stores prompt templates, send the text in input"
                );
            case "background" when IsTrue(value):
                throw new UnsupportedByProviderException(
                    name,
                    "must be false: the gateway stores nothing for this model"
                );
            case "store" when IsTrue(value):
            case "truncation" when JsonNodeExtensions.Text(value) != "disabled":
            case "max_tool_calls":
            case var _ when CostFields.Chat.Contains(name):
                dropped.Add(name);
                break;
            case "background" or "store" or "truncation":
                break;
            case "max_output_tokens":
                chat["max_completion_tokens"] = value.DeepClone();
                break;
            case "tools":
                ToolsTranslator.AddTools(chat, JsonNodeExtensions.Array(value, name));
                break;
            case "tool_choice":
                chat[name] = ToolsTranslator.Choice(value);
                break;
            case "reasoning":
                Rename(
                    chat,
                    dropped,
                    name,
                    JsonNodeExtensions.Object(value, name),
                    new() { ["effort"] = "reasoning_effort" }
                );
                break;
            case "text":
                AddText(chat, dropped, JsonNodeExtensions.Object(value, name));
                break;
            case "top_logprobs":
                AddLogprobs(
                    chat,
                    JsonNodeExtensions.Number(value)
                        ?? throw new UnsupportedByProviderException(name, "must be a whole number")
                );
                break;
            case "include":
                AddIncluded(chat, dropped, JsonNodeExtensions.Array(value, name));
                break;
            default:
                chat[name] = value.DeepClone();
                break;
        }
    }

    private static void AddText(JsonObject chat, List<string> dropped, JsonObject text)
    {
        Rename(chat, dropped, "text", text, new() { ["format"] = "response_format", ["verbosity"] = "verbosity" });
        if (chat["response_format"] is { } format)
        {
            chat["response_format"] = ToolsTranslator.Format(format);
        }
    }

    /// <summary>Moves an object's members to chat fields, and drops those without an equivalent.</summary>
    private static void Rename(
        JsonObject chat,
        List<string> dropped,
        string path,
        JsonObject source,
        Dictionary<string, string> names
    )
    {
        foreach (var (member, value) in source.Where(m => m.Value is not null))
        {
            if (names.TryGetValue(member, out var name))
            {
                chat[name] = value!.DeepClone();
            }
            else
            {
                dropped.Add($"{path}.{member}");
            }
        }
    }

    private static void AddLogprobs(JsonObject chat, long top)
    {
        if (top != 0)
        {
            chat["logprobs"] = true;
            chat["top_logprobs"] = top;
        }
    }

    private static void AddIncluded(JsonObject chat, List<string> dropped, JsonArray included)
    {
        foreach (var (index, value) in included.Index())
        {
            var path = $"include[{index}]";
            if (JsonNodeExtensions.Text(value, path) == "message.output_text.logprobs")
            {
                chat["logprobs"] = true;
            }
            else
            {
                dropped.Add(path);
            }
        }
    }

    private static bool IsTrue(JsonNode value) => value.GetValueKind() == JsonValueKind.True;
}
