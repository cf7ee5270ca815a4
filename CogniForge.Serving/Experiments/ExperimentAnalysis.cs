using CogniForge.Statistics;
using CogniForge.Statistics.Experiments;

namespace CogniForge.Serving.Experiments;

/// <summary>Analyzes the data of an experiment. Pure.</summary>
internal static class ExperimentAnalysis
{
    /// <summary>The results of an experiment.</summary>
    public static ExperimentResults Analyze(Experiment experiment, ExperimentSummary summary)
    {
        var settings = experiment.Settings;
        var ratio = CheckRatio(settings, summary);
        return new(
            experiment.Name,
            experiment.State,
            settings.Alpha,
            Decide(settings, summary, ratio),
            ratio,
            summary.MixedUnits,
            [
                .. settings.Variants.Select(v => new VariantResult(
                    v.Name!,
                    v.Version,
                    v.Share,
                    summary.GetUnits(v.Name!)
                )),
            ],
            [.. settings.GetMetrics().Select((m, i) => Analyze(m, i > 0, settings, summary))]
        );
    }

    /// <summary>Finds a guard-rail that a variant harms, as a verdict; null: none.</summary>
    /// <remarks>The interval holds at every look, and for all variants and guard-rails together.</remarks>
    public static ExperimentVerdict? FindHarm(ExperimentSettings settings, ExperimentSummary summary)
    {
        var control = settings.Variants[0].Name!;
        var alpha = GetAlpha(settings) / Math.Max(1, settings.GuardRails.Count);
        foreach (var metric in settings.GuardRails)
        {
            foreach (var variant in settings.Variants.Skip(1))
            {
                if (
                    HasUnits(settings, summary, control, metric)
                    && HasUnits(settings, summary, variant.Name!, metric)
                    && Compare(metric, summary, control, variant.Name!, alpha) is { } test
                    && (
                        metric.Direction == MetricDirection.Increase
                            ? test.Interval.Upper < -metric.Tolerance
                            : test.Interval.Lower > metric.Tolerance
                    )
                )
                {
                    return new(
                        VerdictDecision.Harmful,
                        variant.Name,
                        $"Variant '{variant.Name}' harms the guard-rail '{metric.Name}' beyond its tolerance."
                    );
                }
            }
        }

        return null;
    }

    /// <summary>
    /// The shares by Thompson sampling: a tenth of the units evenly, the rest by each variant's chance to be the best.
    /// </summary>
    /// <returns>A share per variant, of sum 1; null while a variant has too few units.</returns>
    public static double[]? Allocate(ExperimentSettings settings, ExperimentSummary summary)
    {
        var metric = settings.PrimaryMetric;
        if (!settings.Variants.All(v => HasUnits(settings, summary, v.Name!, metric)))
        {
            return null;
        }

        var variants = settings.Variants.Select(v => summary.Find(v.Name!, metric.Name!)!).ToList();
        var isReversed = metric.Direction == MetricDirection.Decrease;
        double[] chances;
        if (metric.Kind == MetricKind.Binary)
        {
            chances = ThompsonSampling.ChanceToBeBest(
                [
                    .. variants.Select(v =>
                        isReversed
                            ? BetaPosterior.FromCounts(v.Count - v.Successes, v.Successes)
                            : BetaPosterior.FromCounts(v.Successes, v.Count - v.Successes)
                    ),
                ]
            );
        }
        else
        {
            var posteriors = variants
                .Select(v =>
                    NormalPosterior.FromMoments(new(v.Count, isReversed ? -v.Mean : v.Mean, v.Variance ?? 0))
                )
                .OfType<NormalPosterior>()
                .ToArray();
            if (posteriors.Length < variants.Count)
            {
                return null;
            }

            chances = ThompsonSampling.ChanceToBeBest(posteriors);
        }

        return [.. ThompsonSampling.Allocate(chances, 0.1 / chances.Length).Select(share => Math.Round(share, 4))];
    }

    private static ExperimentVerdict Decide(
        ExperimentSettings settings,
        ExperimentSummary summary,
        SampleRatioCheck? ratio
    )
    {
        if (ratio?.IsMismatch == true)
        {
            return new(
                VerdictDecision.SampleRatioMismatch,
                null,
                "The units do not arrive in the configured shares: find the cause before you trust any metric."
            );
        }

        if (FindHarm(settings, summary) is { } harm)
        {
            return harm;
        }

        var metric = settings.PrimaryMetric;
        if (settings.Variants.FirstOrDefault(v => !HasUnits(settings, summary, v.Name!, metric)) is { } small)
        {
            return new(
                VerdictDecision.Undecided,
                null,
                $"Variant '{small.Name}' has fewer than {settings.MinUnits} units."
            );
        }

        var control = settings.Variants[0].Name!;
        var alpha = GetAlpha(settings);
        var sign = metric.Direction == MetricDirection.Increase ? 1 : -1;
        var effects = settings
            .Variants.Skip(1)
            .Select(v => (Variant: v.Name!, Test: Compare(metric, summary, control, v.Name!, alpha)))
            .Select(v => (v.Variant, Gain: v.Test is { } t && t.PValue < alpha ? sign * t.Effect : 0))
            .ToList();
        var best = effects.MaxBy(e => e.Gain);
        return best.Gain > 0
                ? new(VerdictDecision.Winner, best.Variant, $"'{best.Variant}' improves '{metric.Name}'.")
            : best.Gain < 0
                ? new(VerdictDecision.Winner, control, $"Every other variant worsens '{metric.Name}'.")
            : new(VerdictDecision.Undecided, null, $"No difference in '{metric.Name}' is certain yet.");
    }

    // Bonferroni's correction for several variants.
    private static double GetAlpha(ExperimentSettings settings) => settings.Alpha / (settings.Variants.Count - 1);

    private static bool HasUnits(
        ExperimentSettings settings,
        ExperimentSummary summary,
        string variant,
        ExperimentMetric metric
    ) => summary.Find(variant, metric.Name!)?.Count >= settings.MinUnits;

    // The shares of a bandit change, so no ratio is expected of it.
    private static SampleRatioCheck? CheckRatio(ExperimentSettings settings, ExperimentSummary summary) =>
        settings.Allocation == AllocationKind.Fixed
        && SampleRatio.Check(
            [.. settings.Variants.Select(v => summary.GetUnits(v.Name!))],
            [.. settings.Variants.Select(v => v.Share)]
        ) is { } check
            ? new(check.PValue, check.IsMismatch)
            : null;

    private static SequentialTestResult? Compare(
        ExperimentMetric metric,
        ExperimentSummary summary,
        string control,
        string variant,
        double alpha
    ) =>
        summary.Find(control, metric.Name!) is { } a && summary.Find(variant, metric.Name!) is { } b
            ? SequentialTest.Compare(GetSmoothed(metric, a), GetSmoothed(metric, b), alpha)
            : null;

    // One success and one failure more (Agresti and Caffo, 2000), so that rates of 0 and 1 have a variance.
    private static SampleMoments GetSmoothed(ExperimentMetric metric, MetricSummary summary) =>
        metric.Kind == MetricKind.Binary
            ? SampleMoments.FromSuccesses(summary.Successes + 1, summary.Count + 2)
            : summary.Moments;

    private static MetricResult Analyze(
        ExperimentMetric metric,
        bool isGuardRail,
        ExperimentSettings settings,
        ExperimentSummary summary
    )
    {
        var variants = settings.Variants.Select(v => summary.Find(v.Name!, metric.Name!)).ToList();
        var moments = variants.Select(v => v?.CovariateMoments).ToList();
        var cuped = moments.All(m => m is not null) ? Cuped.Adjust([.. moments.Select(m => m!)]) : null;
        return new(
            metric.Name!,
            metric.Kind!.Value,
            isGuardRail,
            [
                .. variants.Select((v, i) =>
                    new MetricVariantResult(
                        settings.Variants[i].Name!,
                        v?.Count ?? 0,
                        v?.Mean,
                        v?.Variance is { } variance ? Math.Sqrt(variance) : null,
                        i > 0 && variants[0] is { } control && v is not null
                            ? Compare(metric, settings.Alpha, control, v, cuped?.Arms[0], cuped?.Arms[i], cuped)
                            : null
                    )
                ),
            ]
        );
    }

    private static MetricComparison Compare(
        ExperimentMetric metric,
        double alpha,
        MetricSummary control,
        MetricSummary variant,
        SampleMoments? adjustedControl,
        SampleMoments? adjustedVariant,
        CupedResult? cuped
    )
    {
        var isBinary = metric.Kind == MetricKind.Binary;
        var adjusted =
            adjustedControl is { } a && adjustedVariant is { } b ? WelchTest.Compare(a, b, alpha) : null;
        return new(
            EffectResult.From(
                isBinary
                    ? ProportionTest.Compare(
                        control.Successes,
                        control.Count,
                        variant.Successes,
                        variant.Count,
                        alpha
                    )
                    : WelchTest.Compare(control.Moments, variant.Moments, alpha)
            ),
            EffectResult.From(WelchTest.CompareLift(control.Moments, variant.Moments, alpha)),
            EffectResult.From(
                SequentialTest.Compare(GetSmoothed(metric, control), GetSmoothed(metric, variant), alpha)
            ),
            adjusted is null
                ? null
                : new(
                    adjusted.Effect,
                    adjusted.Interval.Lower,
                    adjusted.Interval.Upper,
                    adjusted.PValue,
                    cuped!.VarianceRemaining
                )
        );
    }
}
