namespace CogniForge.Serving.Routing;

/// <summary>The routing of a model.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Canary">How far the canary is; null: the strategy is another.</param>
/// <param name="UpdatedAt">When it last changed, UTC.</param>
internal sealed record RoutingResponse(RoutingPolicy Policy, CanaryProgress? Canary, DateTimeOffset UpdatedAt)
{
    public static RoutingResponse From(ModelRouting routing) =>
        new(routing.Policy, routing.Canary is { } state ? CanaryProgress.From(state) : null, routing.UpdatedAt);
}
