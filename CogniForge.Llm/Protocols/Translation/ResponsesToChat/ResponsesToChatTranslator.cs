using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>
/// Connects clients of OpenAI's responses to providers of chat completions. The gateway stores no responses, so it
/// drops <c>store</c> and rejects references to earlier responses.
/// </summary>
/// <param name="isBeforeAnthropic">Whether another translator leads to Anthropic.</param>
internal sealed class ResponsesToChatTranslator(bool isBeforeAnthropic = false) : ITranslator
{
    public Protocol Client => Protocol.Responses;

    public Protocol Provider => Protocol.ChatCompletions;

    public TranslatedRequest Request(JsonField body, ProviderKind kind, bool keepsCacheControl)
    {
        var request = CacheControlMarks.Remove(body, keepsCacheControl);
        AdditionalTools.MoveToTools(request.RequiredObject());
        ClientToolSearch.ReplaceByFunction(request.RequiredObject(), kind);
        var chat = new JsonObject();
        var dropped = new List<string>();
        var tools = new ToolsTranslator(kind, dropped);
        foreach (var (name, field) in request.Members()) // null is the default in both protocols
        {
            Add(chat, dropped, tools, name, field);
        }

        if (chat["reasoning_effort"].Text() is { } effort)
        {
            chat["reasoning_effort"] = ReasoningEffort.Fit(effort, kind);
        }

        var messages = MessagesTranslator.Translate(request["instructions"], request["input"], kind, dropped);
        chat["messages"] = kind == ProviderKind.OpenAICompatible ? ChatSystemMessages.Normalize(messages) : messages;
        tools.RemoveChoiceWithoutTools(chat, request["tools"]);
        return new(chat, [.. dropped.Distinct()]);
    }

    public JsonObject Response(JsonObject request, JsonObject body) =>
        StreamTranslator.TranslateResponse(request, StrictJson.Copy(body), isBeforeAnthropic);

    public IStreamTranslator Stream(JsonObject request) => new StreamTranslator(request, isBeforeAnthropic);

    private static void Add(
        JsonObject chat,
        List<string> dropped,
        ToolsTranslator tools,
        string name,
        JsonField field
    )
    {
        switch (name)
        {
            case "input" or "instructions" or "messages":
                break;
            case "previous_response_id" or "conversation":
                throw field.Invalid(
                    "is not supported: the gateway stores nothing for this model, send the whole conversation in input"
                );
            case "prompt":
                throw field.Invalid("is not supported: only OpenAI stores prompt templates, send the text in input");
            case "background" when IsTrue(field):
                throw field.Invalid("must be false: the gateway stores nothing for this model");
            case "store" when IsTrue(field):
            case "truncation" when field.Value.Text() != "disabled":
            case "max_tool_calls" or "client_metadata": // Codex's own, which Anthropic and others reject
            case var _ when CostRaisingChatFields.Names.Contains(name):
                dropped.Add(name);
                break;
            case "background" or "store" or "truncation":
                break;
            case "max_output_tokens":
                chat["max_completion_tokens"] = field.Copy();
                break;
            case "tools":
                tools.AddTools(chat, field.Items());
                break;
            case "tool_choice":
                tools.AddChoice(chat, field);
                break;
            case "reasoning":
                Rename(chat, dropped, field, new() { ["effort"] = "reasoning_effort" });
                break;
            case "text":
                AddText(chat, dropped, field);
                break;
            case "top_logprobs":
                AddLogprobs(chat, field.Int32() ?? 0);
                break;
            case "include":
                AddIncluded(chat, dropped, field.Items());
                break;
            default:
                chat[name] = field.Copy();
                break;
        }
    }

    private static void AddText(JsonObject chat, List<string> dropped, JsonField text)
    {
        Rename(chat, dropped, text, new() { ["format"] = "response_format", ["verbosity"] = "verbosity" });
        if (text["format"] is { Value: not null } format)
        {
            chat["response_format"] = ToolsTranslator.Format(format);
        }
    }

    /// <summary>Moves an object's members to chat fields, and drops those without an equivalent.</summary>
    private static void Rename(
        JsonObject chat,
        List<string> dropped,
        JsonField source,
        Dictionary<string, string> names
    )
    {
        foreach (var (member, field) in source.Members())
        {
            if (names.TryGetValue(member, out var name))
            {
                chat[name] = field.Copy();
            }
            else
            {
                dropped.Add(field.Path);
            }
        }
    }

    private static void AddLogprobs(JsonObject chat, int top)
    {
        if (top != 0)
        {
            chat["logprobs"] = true;
            chat["top_logprobs"] = top;
        }
    }

    private static void AddIncluded(JsonObject chat, List<string> dropped, IEnumerable<JsonField> included)
    {
        foreach (var field in included)
        {
            if (field.RequiredText() == "message.output_text.logprobs")
            {
                chat["logprobs"] = true;
            }
            else if (field.RequiredText() != "reasoning.encrypted_content") // always included if there is one
            {
                dropped.Add(field.Path);
            }
        }
    }

    private static bool IsTrue(JsonField field) => field.Value?.GetValueKind() == JsonValueKind.True;
}
