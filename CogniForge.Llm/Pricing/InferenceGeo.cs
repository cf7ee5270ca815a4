using CogniForge.Llm.Gateway;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Pricing;

/// <summary>
/// Anthropic's <c>inference_geo</c>: inference in the USA alone costs 1.1 times every rate of tokens, on top of a
/// service tier (platform.claude.com/docs/en/about-claude/pricing, data residency). Fees of tools do not change.
/// </summary>
internal static class InferenceGeo
{
    private const string Name = "inference_geo";
    private const string Global = "global";
    private const string Us = "us";
    private const decimal UsFactor = 1.1m;

    /// <summary>Whether the factor of a geography is known.</summary>
    public static bool IsPriced(string? geo) => geo is Global or Us;

    /// <summary>The factor of a response's rates, by where it says that it ran, else by the request.</summary>
    public static decimal GetFactor(
        InferenceRequest request,
        ModelRoute route,
        ResolvedTarget target,
        string? reported
    ) => (reported ?? GetRequested(request, route)) == Us && IsOffered(request, target) ? UsFactor : 1;

    /// <summary>
    /// The highest factor that a response may have: unless the request asks for <c>global</c>, the default of the
    /// workspace applies.
    /// </summary>
    public static decimal GetMaxFactor(InferenceRequest request, ModelRoute route, ResolvedTarget target) =>
        IsOffered(request, target) && GetRequested(request, route) != Global ? UsFactor : 1;

    private static bool IsOffered(InferenceRequest request, ResolvedTarget target) =>
        ProtocolAdapters.Select(request.Protocol, target.Provider.Protocols)?.Protocol == Protocol.Messages;

    private static string? GetRequested(InferenceRequest request, ModelRoute route) =>
        request.Body.TryGetProperty(Name, out var own) ? own.Text() : route.Defaults?[Name].Text();
}
