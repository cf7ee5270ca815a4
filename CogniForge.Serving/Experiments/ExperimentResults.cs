namespace CogniForge.Serving.Experiments;

/// <summary>The results of an experiment.</summary>
/// <param name="Experiment">Its name.</param>
/// <param name="State">Its state.</param>
/// <param name="Alpha">The significance level; intervals have the confidence 1 - alpha.</param>
/// <param name="Verdict">What the results say.</param>
/// <param name="SampleRatio">The check of the shares; null: no units, or a bandit, whose shares change.</param>
/// <param name="MixedUnits">The units that got several variants, which count nowhere.</param>
/// <param name="Variants">The units of the variants; the control first.</param>
/// <param name="Metrics">The metrics; the primary one first.</param>
internal sealed record ExperimentResults(
    string Experiment,
    ExperimentState State,
    double Alpha,
    ExperimentVerdict Verdict,
    SampleRatioCheck? SampleRatio,
    long MixedUnits,
    IReadOnlyList<VariantResult> Variants,
    IReadOnlyList<MetricResult> Metrics
);
