using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>
/// Carries a model's thinking through protocols that have no field for it, because providers require it back within a
/// tool loop: Anthropic with its signature, DeepSeek and Kimi as <c>reasoning_content</c>.
/// </summary>
internal static class ThinkingBlocks
{
    /// <summary>
    /// The member of a chat message that holds Anthropic's blocks as they are; LiteLLM's name, which clients know.
    /// </summary>
    public const string Member = "thinking_blocks";

    // They mark what Anthropic wrote, which OpenAI rejects; the marks of earlier responses may be missing.
    private const string Thinking = "thinking:";
    private const string Redacted = "redacted_thinking:";

    // OpenAI's encrypted reasoning is a Fernet token: version 0x80, then a time that begins with zeros.
    private const string OpenAIPrefix = "gAAAAA";

    /// <summary>Whether a signature may be Anthropic's: neither ours nor OpenAI's, which LiteLLM sends too.</summary>
    public static bool IsForAnthropic(string? signature) =>
        signature is not null
        && !ReasoningDetails.IsCarriedBy(signature)
        && !signature.StartsWith(OpenAIPrefix, StringComparison.Ordinal);

    /// <summary>Whether Anthropic accepts a block back.</summary>
    public static bool IsForAnthropic(JsonObject block) =>
        IsSigned(block) && IsForAnthropic(block["signature"].Text() ?? block["data"].Text());

    /// <summary>Whether a block is signed, or encrypted.</summary>
    public static bool IsSigned(JsonObject block) =>
        block["type"].Text() switch
        {
            "thinking" => block["signature"].Text() is { } signature && !ReasoningDetails.IsCarriedBy(signature),
            "redacted_thinking" => block["data"].Text() is not null,
            _ => false,
        };

    /// <summary>Whether thinking follows other content of a message of Anthropic's.</summary>
    public static bool AreInterleaved(JsonNode? content) =>
        content.Objects().SkipWhile(IsThinking).Any(IsThinking);

    private static bool IsThinking(JsonObject block) => block["type"].Text() is "thinking" or "redacted_thinking";

    /// <summary>The name under which a kind of provider takes earlier reasoning; null: it takes none.</summary>
    private static string? GetReasoningMember(ProviderKind kind) =>
        kind switch
        {
            ProviderKind.OpenAICompatible => "reasoning_content",
            ProviderKind.OpenRouter => "reasoning",
            _ => null,
        };

    /// <summary>
    /// Writes earlier reasoning as the provider takes it: DeepSeek and Kimi require it within a tool loop
    /// (router-for-me/CLIProxyAPI#4776), OpenAI rejects it.
    /// </summary>
    /// <param name="message">The assistant's chat message.</param>
    /// <param name="kind">The provider's kind.</param>
    /// <param name="texts">The texts; none: there is no reasoning.</param>
    /// <param name="details">
    /// OpenRouter's details, which it takes instead of the texts, LiteLLM's blocks, or Google's signature.
    /// </param>
    /// <returns>False: there is reasoning that the provider does not take.</returns>
    public static bool WriteReasoning(
        JsonObject message,
        ProviderKind kind,
        IReadOnlyCollection<string> texts,
        JsonArray details
    )
    {
        var blocks = details.Objects().Where(IsSigned).ToList();
        var own = details.Objects().Except(blocks).Where(d => !ReasoningDetails.IsExtraContent(d)).ToList();
        if (kind == ProviderKind.OpenRouter && own.Count > 0)
        {
            message[ReasoningDetails.Member] = new JsonArray([.. own.Select(d => d.DeepClone())]);
            return true;
        }

        var signed = details.Objects().LastOrDefault(ReasoningDetails.IsExtraContent)?[ReasoningDetails.ExtraContent];
        if (kind == ProviderKind.OpenAICompatible && (signed is not null || blocks.Count > 0))
        {
            Write(message, ReasoningDetails.ExtraContent, signed?.DeepClone());
            Write(message, Member, blocks.Count > 0 ? new JsonArray([.. blocks.Select(b => b.DeepClone())]) : null);
            texts = texts.Any(t => t.Length > 0) ? texts : [];
            details = [.. own.Select(d => d.DeepClone())];
        }

        if (texts.Count > 0 && GetReasoningMember(kind) is { } member)
        {
            message[member] = string.Concat(texts);
            return true;
        }

        return texts.Count == 0 && details.Count == 0;
    }

    /// <summary>The reasoning of a message with its blocks: a whole message joins their texts.</summary>
    public static IEnumerable<(string? Text, JsonObject? Block)> Split(JsonObject message, string? reasoning)
    {
        JsonObject[] blocks = [.. message[Member].Objects()];
        return blocks.Length > 0 && reasoning == string.Concat(blocks.Select(b => b["thinking"].Text()))
            ? blocks.Select(b => (b["thinking"].Text(), (JsonObject?)b))
            : [(reasoning, null), .. blocks.Select(b => ((string?)null, (JsonObject?)b))];
    }

    private static void Write(JsonObject message, string name, JsonNode? value)
    {
        if (value is not null)
        {
            message[name] = value;
        }
    }

    /// <summary>
    /// Removes a request for thinking from a tool loop that began without it, or at another provider: Anthropic rejects
    /// that (anomalyco/opencode#3077, openai/openai-agents-python#1704).
    /// </summary>
    /// <param name="request">A request of Anthropic's messages.</param>
    /// <returns>Whether it was removed.</returns>
    public static bool RemoveRequestWithinLoop(JsonObject request) =>
        request["thinking"] is JsonObject thinking
        && thinking["type"].Text() == "enabled"
        && request["messages"] is JsonArray messages
        && messages is [.., JsonObject call, JsonObject result]
        && result["content"].Objects().Any(b => b["type"].Text() == "tool_result")
        && call["content"].Objects().FirstOrDefault()?["type"].Text() is not ("thinking" or "redacted_thinking")
        && request.Remove("thinking");

    /// <summary>A block as the <c>encrypted_content</c> of a reasoning item, whose content has its text.</summary>
    public static string? ToEncryptedContent(JsonObject block) =>
        block["type"].Text() == "redacted_thinking" ? Redacted + block["data"].Text()
        : block["signature"].Text() is { } signature ? Thinking + signature
        : null;

    /// <summary>Whether the <c>encrypted_content</c> of a reasoning item is marked as Anthropic's.</summary>
    public static bool IsEncryptedContent(string encrypted) =>
        encrypted.StartsWith(Thinking, StringComparison.Ordinal)
        || encrypted.StartsWith(Redacted, StringComparison.Ordinal);

    /// <summary>The blocks of a reasoning item that Anthropic signed, also by way of LiteLLM.</summary>
    public static IReadOnlyList<JsonObject> ListSigned(string? encrypted, string text) =>
        FromEncryptedContent(encrypted, text) is { } block
            ? [block]
            : [.. ReasoningDetails.FromSignature(encrypted).Where(IsForAnthropic)];

    /// <summary>The block of a reasoning item; null: it has no <c>encrypted_content</c> of Anthropic's.</summary>
    public static JsonObject? FromEncryptedContent(string? encrypted, string text) =>
        encrypted is null || !IsForAnthropic(encrypted)
            ? null
        : encrypted.StartsWith(Redacted, StringComparison.Ordinal)
            ? new() { ["type"] = "redacted_thinking", ["data"] = encrypted[Redacted.Length..] }
        : new()
        {
            ["type"] = "thinking",
            ["thinking"] = text,
            ["signature"] = encrypted.StartsWith(Thinking, StringComparison.Ordinal)
                ? encrypted[Thinking.Length..]
                : encrypted,
        };
}
