namespace CogniForge.Llm.Routing;

/// <summary>The route of a model name.</summary>
/// <param name="Route">The route.</param>
/// <param name="Targets">The targets with an existing provider, at least one.</param>
internal sealed record ResolvedRoute(ModelRoute Route, IReadOnlyList<ResolvedTarget> Targets);
