namespace CogniForge.Serving.Routing;

/// <summary>The stored policy of a model.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Canary">How far the canary is; null: the strategy is another.</param>
/// <param name="Revision">Changes with every change: its entity tag.</param>
/// <param name="UpdatedAt">When it last changed, UTC.</param>
internal sealed record ModelRouting(
    string Model,
    RoutingPolicy Policy,
    CanaryState? Canary,
    Guid Revision,
    DateTimeOffset UpdatedAt
);
