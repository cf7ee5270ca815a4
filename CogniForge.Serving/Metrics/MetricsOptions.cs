using System.ComponentModel.DataAnnotations;

namespace CogniForge.Serving.Metrics;

/// <summary>How models are measured (section <c>Metrics</c>).</summary>
internal sealed class MetricsOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Metrics";

    /// <summary>The share of the inferences served here whose rows are captured, 0 to 1. Default: 0.1.</summary>
    [Range(0.0, 1.0)]
    public double SampleRate { get; set; } = 0.1;

    /// <summary>The maximum number of rows captured of one inference, 1 to 1,000. Default: 100.</summary>
    [Range(1, 1_000)]
    public int MaxCapturedRows { get; set; } = 100;

    /// <summary>Whether texts that models write are captured; prompts never are. Default: false.</summary>
    public bool CaptureTexts { get; set; }

    /// <summary>The newest rows of a window that are evaluated, 100 to 1,000,000. Default: 50,000.</summary>
    [Range(100, 1_000_000)]
    public int MaxRows { get; set; } = 50_000;

    /// <summary>The newest rows that drift is computed from, 100 to 100,000. Default: 10,000.</summary>
    [Range(100, 100_000)]
    public int MaxDriftRows { get; set; } = 10_000;

    /// <summary>The interval between evaluations of drift, 10 s to 1 day. Default: 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan DriftInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long inferences, predictions, ground truth and evaluations are kept, 1 to 3,650 days. Default: 90.
    /// </summary>
    [Range(1, 3_650)]
    public int RetentionDays { get; set; } = 90;

    /// <summary>
    /// The loss of accuracy against that of the training, from which a model is unhealthy, 0 to 1. Default: 0.05.
    /// </summary>
    [Range(0.0, 1.0)]
    public double MaxAccuracyLoss { get; set; } = 0.05;

    /// <summary>The p95 latency in ms above which a model is degraded, above 0. Default: none.</summary>
    [Range(double.Epsilon, double.MaxValue)]
    public double? MaxP95Ms { get; set; }
}
