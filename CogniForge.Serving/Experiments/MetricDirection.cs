namespace CogniForge.Serving.Experiments;

/// <summary>Which change of a metric is good.</summary>
internal enum MetricDirection
{
    /// <summary>Higher is better.</summary>
    Increase,

    /// <summary>Lower is better.</summary>
    Decrease,
}
