using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols;

/// <summary>Switches thinking off as a model understands it, see <see cref="ProviderQuirks.ThinkingOff"/>.</summary>
internal static class ThinkingOff
{
    private const string Thinking = "thinking";
    private const string Effort = "reasoning_effort";

    /// <summary>Whether a chat, or a default of its route, has an effort that the model may not know.</summary>
    public static bool Concerns(ResolvedTarget target, JsonElement body, JsonObject? defaults) =>
        target.Rules.ThinkingOff is not null && (body.Text(Effort) ?? defaults?[Effort].Text()) == "none";

    /// <summary>Replaces the effort <c>none</c>, and Anthropic's <c>thinking</c> of the type <c>disabled</c>.</summary>
    /// <param name="target">The target.</param>
    /// <param name="protocol">The provider's protocol.</param>
    /// <param name="body">The request, which is changed.</param>
    /// <param name="isTranslated">Whether <c>thinking</c> is Anthropic's, not the provider's own field.</param>
    /// <param name="dropped">Receives <c>thinking</c> if it is unknown how to switch it off.</param>
    public static void Write(
        ResolvedTarget target,
        Protocol protocol,
        JsonObject body,
        bool isTranslated,
        List<string> dropped
    )
    {
        var isDisabled = isTranslated && (body[Thinking] as JsonObject)?["type"].Text() == "disabled";
        if (!isDisabled && body[Effort].Text() != "none")
        {
            return;
        }

        var fields = target.Rules.ThinkingOff;
        if (fields is null && protocol == Protocol.Messages)
        {
            return; // its own switch
        }

        if (isDisabled)
        {
            body.Remove(Thinking);
            dropped.AddRange(fields is null ? [Thinking] : []);
        }

        if (fields is null)
        {
            return;
        }

        body.Remove(Effort);
        foreach (var (name, value) in fields)
        {
            body.Set(name, value);
        }
    }
}
