using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>Translates chat completions to Anthropic's messages.</summary>
internal static class ResponseTranslator
{
    private static readonly FrozenSet<string> _translated = FrozenSet.Create(
        "id",
        "object",
        "created",
        "model",
        "choices",
        "usage",
        "service_tier",
        "system_fingerprint"
    );

    /// <summary>Translates the first choice of a completion.</summary>
    /// <param name="response">The completion.</param>
    /// <param name="names">The names of the client's tools.</param>
    public static JsonObject Translate(JsonField response, ToolNameMap names)
    {
        var choices = response["choices"];
        var choice = choices.Items() is [var first, ..] ? first : throw choices.Invalid("must have an item");
        var message = choice["message"];
        var finishReason = choice["finish_reason"].Text();
        var isTruncated = ChatFinishReasons.Normalize(finishReason) == ChatFinishReasons.Length;
        var content = new JsonArray();
        AddThinking(GetReasoning(message));
        var text = GetText(message["content"]);
        Add(text, "text", "text");
        var annotations = UrlCitations
            .OfChat(message[UrlCitations.Member].Value)
            .Concat(UrlCitations.OfSearch(response["search_results"].Value, response["citations"].Value))
            .Take(UrlCitations.MaxCount)
            .ToList();
        if (text.Length > 0 && annotations.Count > 0)
        {
            var cited = new StringBuilder(text);
            var citations = annotations.Select(a => (JsonNode)UrlCitations.ToMessages(a, cited));
            content[^1]!["citations"] = new JsonArray([.. citations]);
        }
        else
        {
            Add(UrlCitations.Link(annotations), "text", "text");
        }

        var refusal = message["refusal"].Text();
        Add(refusal ?? "", "text", "text");
        Add(GeneratedImages.Link(message["images"].Value), "text", "text");
        var calls = message["tool_calls"].Items();
        foreach (var call in calls)
        {
            var arguments = ToolInput.ReadArguments(call) ?? "";
            var input = ToolInput.Parse(arguments, isTruncated);
            var given = call["id"].Text();
            var id = string.IsNullOrEmpty(given) ? $"call_{response["id"].Text()}_{content.Count}" : given;
            var name = names.Restore(call["function"]["name"].RequiredText());
            content.Add((JsonNode)NewToolUse(ToolCallId.Join(id, call.Value), name, input));
        }

        var result = Envelope(response["id"].Text(), response["model"].Text());
        result["content"] = content;
        result["stop_reason"] = FinishReasons.ToMessages(finishReason, calls.Count > 0, !string.IsNullOrEmpty(refusal));
        result["usage"] = MessagesUsage.Write(GetUsage(response) ?? new(0, 0));
        foreach (var (name, field) in response.Members().Where(m => !_translated.Contains(m.Name)))
        {
            result[name] = field.Copy();
        }

        return result;

        void Add(string text, string type, string member)
        {
            if (text.Length > 0)
            {
                content.Add((JsonNode)NewBlock(type, member, text));
            }
        }

        void AddThinking(string text)
        {
            var details = new ReasoningDetails();
            details.Add(message.Object() ?? []);
            var signature = details.TakeSignature();
            if (text.Length > 0 || signature is not null)
            {
                var block = NewBlock("thinking", "thinking", text);
                block["signature"] = signature ?? ReasoningDetails.SignPlain("");
                content.Add((JsonNode)block);
            }
        }
    }

    /// <summary>Creates a message without content, as at the start of a stream.</summary>
    public static JsonObject Envelope(string? id, string? model) =>
        new()
        {
            ["id"] = string.IsNullOrEmpty(id) ? $"msg_{Guid.CreateVersion7():N}" : id, // Claude Code joins equal ones
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = model ?? "",
            ["content"] = new JsonArray(),
            ["stop_reason"] = null,
            ["stop_sequence"] = null,
        };

    /// <summary>Creates a text or thinking block. The signature of thinking is empty until its end.</summary>
    public static JsonObject NewBlock(string type, string member, string text)
    {
        var block = new JsonObject { ["type"] = type, [member] = text };
        if (type == "thinking")
        {
            block["signature"] = "";
        }

        return block;
    }

    /// <summary>Reads the reasoning of a message or delta, under the names that servers use; empty if absent.</summary>
    public static string GetReasoning(JsonField message) =>
        new[] { message["reasoning_content"], message["reasoning"] }.FirstOrDefault(f => f.IsText)
            is { Value: not null } field
            ? field.RequiredText()
            : ChatContent.GetThinking(message["content"].Value) ?? "";

    /// <summary>Reads the text of the content, which some servers send in parts; empty if absent.</summary>
    public static string GetText(JsonField content) =>
        content.IsText ? content.RequiredText()
        : content.Items().Count > 0 ? ChatContent.GetText(content.Value) ?? ""
        : "";

    /// <summary>Reads the token usage; null if absent.</summary>
    public static TokenUsage? GetUsage(JsonField response) =>
        response["usage"].Object() is { } usage ? ChatUsage.Read(JsonSerializer.SerializeToElement(usage)) : null;

    /// <summary>Creates a <c>tool_use</c> block.</summary>
    /// <param name="id">The id.</param>
    /// <param name="name">The client's name of the tool.</param>
    /// <param name="input">The arguments.</param>
    public static JsonObject NewToolUse(string id, string name, JsonObject input) =>
        new()
        {
            ["type"] = "tool_use",
            ["id"] = id,
            ["name"] = name,
            ["input"] = input,
            ["caller"] = new JsonObject { ["type"] = "direct" }, // the model itself; required by Anthropic's .NET SDK
        };
}
