using System.Text.Json;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols;

/// <summary>The field that limits the output tokens: its name depends on the protocol and the model.</summary>
internal static class OutputLimitField
{
    public const string MaxTokens = "max_tokens";
    public const string MaxCompletionTokens = "max_completion_tokens";
    public const string MaxOutputTokens = "max_output_tokens";

    /// <summary>The name to send; null: the protocol has no such field.</summary>
    public static string? Choose(Protocol protocol, ResolvedTarget target, JsonElement body) =>
        protocol switch
        {
            Protocol.Messages => MaxTokens,
            Protocol.Responses => MaxOutputTokens,
            Protocol.ChatCompletions => MustUseOlderName(target, body) ? MaxTokens : MaxCompletionTokens,
            _ => null,
        };

    /// <summary>The name under which a client of a protocol sent its limit.</summary>
    public static string GetClientName(Protocol protocol, JsonElement body) =>
        protocol == Protocol.Responses ? MaxOutputTokens
        : protocol == Protocol.ChatCompletions && body.Member(MaxCompletionTokens).IsPresent() ? MaxCompletionTokens
        : MaxTokens;

    /// <summary>Whether a name is the one of any protocol.</summary>
    public static bool IsName(string name) => name is MaxTokens or MaxCompletionTokens or MaxOutputTokens;

    /// <summary>
    /// The client's limit if a chat has one, or a second one, under another name than the one to send.
    /// </summary>
    /// <param name="protocol">The provider's protocol.</param>
    /// <param name="body">The body.</param>
    /// <param name="name">The name to send.</param>
    public static int? ReadOther(Protocol protocol, JsonElement body, string? name)
    {
        var other = name == MaxTokens ? MaxCompletionTokens : MaxTokens;
        return protocol == Protocol.ChatCompletions && body.TryGetProperty(other, out _)
            ? Read(body, MaxCompletionTokens) ?? Read(body, MaxTokens)
            : null;
    }

    private static int? Read(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var limit)
            ? limit
            : null;

    // The only name that the model accepts, or the client's.
    private static bool MustUseOlderName(ResolvedTarget target, JsonElement body) =>
        target.Rules.OutputLimit is { } only
            ? only == MaxTokens
            : !body.TryGetProperty(MaxCompletionTokens, out _) && body.TryGetProperty(MaxTokens, out _);
}
