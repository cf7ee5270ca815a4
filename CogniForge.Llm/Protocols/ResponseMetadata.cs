using CogniForge.Llm.Pricing;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols;

/// <summary>The metadata of a response; null where the provider does not send it.</summary>
/// <param name="Id">The provider's id of the response.</param>
/// <param name="Model">The model that generated the response.</param>
/// <param name="FinishReason">The finish reason, in the protocol's own terms.</param>
/// <param name="Usage">The token usage.</param>
/// <param name="Error">The error inside a response of status 200.</param>
/// <param name="Cost">The cost charged by the provider.</param>
/// <param name="ServiceTier">The service tier that processed the request.</param>
internal sealed record ResponseMetadata(
    string? Id,
    string? Model,
    string? FinishReason,
    TokenUsage? Usage,
    ProviderError? Error = null,
    ReportedCost? Cost = null,
    string? ServiceTier = null
)
{
    /// <summary>The model, truncated to <see cref="TextLimits.MaxName"/> characters.</summary>
    public string? Model
    {
        get;
        init => field = TextLimits.Truncate(value);
    } = TextLimits.Truncate(Model);

    /// <summary>The finish reason, truncated to <see cref="TextLimits.MaxName"/> characters.</summary>
    public string? FinishReason
    {
        get;
        init => field = TextLimits.Truncate(value);
    } = TextLimits.Truncate(FinishReason);

    /// <summary>The uses of tools that the provider runs itself, by the tool's name; null: none.</summary>
    public IReadOnlyDictionary<string, int>? ToolUses { get; init; }

    /// <summary>The seconds of input audio; null: not reported.</summary>
    public decimal? AudioSeconds { get; init; }

    /// <summary>Whether the gateway estimated the seconds of input audio.</summary>
    public bool IsAudioEstimated { get; init; }

    /// <summary>Where Anthropic ran the inference, e.g. <c>us</c>; null: not reported.</summary>
    public string? InferenceGeo { get; init; }

    /// <summary>Whether the usage came before the end of a stream, where providers report placeholders.</summary>
    public bool IsUsageProvisional { get; init; }

    /// <summary>Whether the provider has sent a usage.</summary>
    public bool HasUsage => Usage is not null;

    /// <summary>Whether the provider has sent the usage of an output; some send only that of the input.</summary>
    /// <param name="outputCharacters">The characters of output received.</param>
    public bool HasUsageOf(int outputCharacters) => Usage is { } usage && (usage.Output > 0 || outputCharacters == 0);

    /// <summary>The service tier, truncated to <see cref="TextLimits.MaxName"/> characters.</summary>
    public string? ServiceTier
    {
        get;
        init => field = TextLimits.Truncate(value);
    } = TextLimits.Truncate(ServiceTier);
}
