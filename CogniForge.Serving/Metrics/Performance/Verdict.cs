namespace CogniForge.Serving.Metrics.Performance;

/// <summary>How a model does.</summary>
internal enum Verdict
{
    /// <summary>It had no requests and no evaluation.</summary>
    Unknown,

    /// <summary>No reason for another verdict.</summary>
    Healthy,

    /// <summary>Something needs attention: drift, data quality or latency.</summary>
    Degraded,

    /// <summary>It lost accuracy, or a version failed.</summary>
    Unhealthy,
}
