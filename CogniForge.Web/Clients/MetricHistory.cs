namespace CogniForge.Web.Clients;

/// <summary>The points of a metric; null: none.</summary>
internal sealed record MetricHistory(IReadOnlyList<MetricPoint>? Metrics);
