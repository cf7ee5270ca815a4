using CogniForge.Llm.Pricing;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols;

/// <summary>What an answer says of itself.</summary>
/// <param name="Id">The provider's id of it; null: it has none.</param>
/// <param name="Model">The model that answered; null: it does not say.</param>
/// <param name="FinishReason">Why it ended, in the protocol's own words; null: it does not say.</param>
/// <param name="Usage">The tokens; null: it does not say.</param>
/// <param name="Failure">The error that a provider hid in a status of 200; null: none.</param>
/// <param name="Cost">What the answer cost by the provider's own word, in its currency (OpenRouter: credits, which are USD); null: it does not say.</param>
/// <param name="ServiceTier">The service tier that it was made in; null: it does not say.</param>
internal sealed record ResponseMetadata(
    string? Id,
    string? Model,
    string? FinishReason,
    TokenUsage? Usage,
    ProviderError? Failure = null,
    decimal? Cost = null,
    string? ServiceTier = null
)
{
    /// <summary>The model that answered, cut where it is long; null: it does not say.</summary>
    public string? Model
    {
        get;
        init => field = ShortText.Truncate(value);
    } = ShortText.Truncate(Model);

    /// <summary>Why it ended, cut where it is long; null: it does not say.</summary>
    public string? FinishReason
    {
        get;
        init => field = ShortText.Truncate(value);
    } = ShortText.Truncate(FinishReason);

    /// <summary>The service tier, cut where it is long; null: it does not say.</summary>
    public string? ServiceTier
    {
        get;
        init => field = ShortText.Truncate(value);
    } = ShortText.Truncate(ServiceTier);
}
