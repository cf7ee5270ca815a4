namespace CogniForge.Llm.Routing;

/// <summary>A route that was found for a model's name.</summary>
/// <param name="Route">The route.</param>
/// <param name="Targets">Its targets whose providers exist, at least one.</param>
internal sealed record ResolvedRoute(ModelRoute Route, IReadOnlyList<ResolvedTarget> Targets);
