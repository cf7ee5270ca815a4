using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Pricing;

/// <summary>
/// Service tiers by the providers' names: <c>service_tier</c> of OpenAI and Anthropic, and Anthropic's <c>speed</c>,
/// whose fast mode cannot be combined with another tier.
/// </summary>
internal static class ServiceTier
{
    /// <summary>The provider chooses the tier.</summary>
    public const string Auto = "auto";

    /// <summary>The validation message for a tier's name.</summary>
    public const string NameRule = "must be 1 to 64 letters, digits, underscores and hyphens";

    private static readonly HashSet<string> _standard = new(StringComparer.OrdinalIgnoreCase)
    {
        "default",
        "standard",
        "standard_only",
        Auto,
    };

    /// <summary>
    /// Whether a tier is charged at the standard rates; true for <see cref="Auto"/>, which in a response names no tier.
    /// </summary>
    public static bool IsStandard([NotNullWhen(false)] string? tier) =>
        tier is null || _standard.Contains(tier);

    /// <summary>Whether a text is a valid name of a tier.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>
    /// Gets the tier that a request asks a target for; null: none; <see cref="Auto"/> also if the tier is unknown.
    /// </summary>
    public static string? GetRequested(InferenceRequest request, ModelRoute route, ResolvedTarget target)
    {
        var tier = GetValue("service_tier");
        if (ProtocolAdapters.Select(request.Protocol, target.Provider.Protocols)?.Protocol != Protocol.Messages)
        {
            return tier;
        }

        // Anthropic's request accepts only auto and standard_only; the translation drops OpenAI's other tiers.
        return GetValue("speed") is { } speed && !IsStandard(speed) ? speed
            : tier == Auto ? tier
            : null;

        string? GetValue(string name) =>
            request.Body.TryGetProperty(name, out var value)
                ? value.IsPresent()
                    ? NormalizeName(value.Text())
                    : null
                : route.Defaults?[name] is { } defaultValue
                    ? NormalizeName(defaultValue is JsonValue v && v.TryGetValue<string>(out var text) ? text : null)
                    : null;
    }

    // Providers may ignore the case.
    private static string NormalizeName(string? text) =>
        text is not null && IsName(text) ? text.ToLowerInvariant() : Auto;
}
