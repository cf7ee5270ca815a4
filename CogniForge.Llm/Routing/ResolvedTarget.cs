namespace CogniForge.Llm.Routing;

/// <summary>A target with its provider and without wildcards.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Model">The provider's name of the model.</param>
/// <param name="Order">Targets with a lower order are tried first.</param>
/// <param name="Weight">The share of requests among targets of the same order.</param>
internal sealed record ResolvedTarget(Provider Provider, string Model, int Order, double Weight)
{
    /// <summary>Identifies the target in metrics, circuit breakers and affinity: <c>provider/model</c>.</summary>
    public string Id { get; } = $"{Provider.Name}/{Model}";

    /// <summary>The timeouts: the route's, then the provider's, then the service's.</summary>
    public Timeouts Timeouts { get; init; } = Timeouts.Default;

    /// <summary>What the provider takes and refuses for the model.</summary>
    public ModelRules Rules => field ??= new(Provider.Profile, Model);

    /// <summary>The most output tokens that the model generates; null: unknown.</summary>
    public int? MaxOutputTokens => Rules.MaxOutputTokens;
}
