using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Pricing;

/// <summary>Service tiers, in the providers' words: OpenAI's <c>service_tier</c>, Anthropic's <c>service_tier</c> and, since its fast mode goes with no other tier, its <c>speed</c>.</summary>
internal static class ServiceTier
{
    /// <summary>The provider chooses.</summary>
    public const string Auto = "auto";

    /// <summary>The rule of a tier's name.</summary>
    public const string NameRule = "must be 1 to 64 letters, digits, underscores and hyphens";

    /// <summary>Whether a tier costs what the price says: also of an answer that says <see cref="Auto"/>, which names none.</summary>
    public static bool IsStandard([NotNullWhen(false)] string? tier) =>
        tier is null or "default" or "standard" or "standard_only" or Auto;

    /// <summary>Whether a tier may be called so.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>The tier that a request asks a target for; null: none, <see cref="Auto"/> also where nobody can tell.</summary>
    public static string? GetRequested(InferenceRequest request, ModelRoute route, ResolvedTarget target)
    {
        var tier = Field("service_tier");
        if (ProtocolAdapters.Way(request.Protocol, target.Provider.Protocols)?.Protocol != Protocol.Messages)
        {
            return tier;
        }

        // Anthropic's own tiers cannot be asked for, only the choice among them; those of others do not get there.
        return Field("speed") is { } speed && !IsStandard(speed) ? speed
            : tier == Auto ? tier
            : null;

        string? Field(string name) =>
            request.Body.TryGetProperty(name, out var value)
                ? value.IsPresent()
                    ? Named(value.Text())
                    : null
                : route.Defaults?[name] is { } set
                    ? Named(set is JsonValue text && text.TryGetValue<string>(out var said) ? said : null)
                    : null;
    }

    private static string Named(string? text) => text is not null && IsName(text) ? text : Auto;
}
