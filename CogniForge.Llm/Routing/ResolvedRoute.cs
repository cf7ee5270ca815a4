namespace CogniForge.Llm.Routing;

/// <summary>The route of a model name.</summary>
/// <param name="Route">The route.</param>
/// <param name="Targets">The targets with an existing provider, at least one.</param>
internal sealed record ResolvedRoute(ModelRoute Route, IReadOnlyList<ResolvedTarget> Targets)
{
    /// <summary>The total timeout of a request: the longest of its targets.</summary>
    public TimeSpan Total { get; } = Targets.Max(t => t.Timeouts.Total);
}
