namespace CogniForge.Serving.Experiments;

/// <summary>The comparison of a variant with the control; null where the data do not suffice.</summary>
/// <param name="Difference">By a z-test (binary) or Welch's t-test, valid for one look at a planned time.</param>
/// <param name="Lift">The relative difference, by the delta method, for the same look.</param>
/// <param name="AlwaysValid">The difference with a p-value and an interval that hold at every look.</param>
/// <param name="Cuped">The difference after CUPED; null: no unit has a covariate.</param>
internal sealed record MetricComparison(
    EffectResult? Difference,
    EffectResult? Lift,
    EffectResult? AlwaysValid,
    CupedEffect? Cuped
);
