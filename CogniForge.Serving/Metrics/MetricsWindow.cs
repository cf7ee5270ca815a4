namespace CogniForge.Serving.Metrics;

/// <summary>The predictions that a report is about.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version; null: all.</param>
/// <param name="From">The start, included, UTC.</param>
/// <param name="To">The end, excluded, UTC.</param>
internal sealed record MetricsWindow(string Model, int? Version, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The length in seconds, above 0.</summary>
    public double Seconds => (To - From).TotalSeconds;

    public bool Contains(string model, int version, DateTimeOffset time) =>
        model == Model && (Version ?? version) == version && time >= From && time < To;
}
