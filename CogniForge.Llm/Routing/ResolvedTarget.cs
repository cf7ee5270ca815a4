namespace CogniForge.Llm.Routing;

/// <summary>A target that can be asked: the provider and the model's full name there.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Model">The model.</param>
/// <param name="Order">The lowest is asked first.</param>
/// <param name="Weight">The share among those of the same order.</param>
internal sealed record ResolvedTarget(Provider Provider, string Model, int Order, double Weight)
{
    /// <summary>Identifies the target in metrics, breakers and affinity: <c>provider/model</c>.</summary>
    public string Id { get; } = $"{Provider.Name}/{Model}";
}
