namespace CogniForge.Web.Clients;

/// <summary>What a run has logged; null: nothing.</summary>
/// <param name="Metrics">The latest point of each metric.</param>
/// <param name="Params">The parameters.</param>
internal sealed record RunData(IReadOnlyList<MetricPoint>? Metrics, IReadOnlyList<RunParameter>? Params);
