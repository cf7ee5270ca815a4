namespace CogniForge.Statistics.Experiments;

/// <summary>Effect of a treatment on a mean, absolute and relative.</summary>
/// <remarks>Pure, so thread-safe.</remarks>
public static class Effects
{
    /// <summary>The difference of the means, treatment minus control.</summary>
    /// <param name="control">The control's moments.</param>
    /// <param name="treatment">The treatment's moments.</param>
    /// <returns>The estimate; null below two values in an arm, or when both variances are 0.</returns>
    public static EffectEstimate? Difference(SampleMoments control, SampleMoments treatment)
    {
        if (control.VarianceOfMean + treatment.VarianceOfMean is not > 0)
        {
            return null;
        }

        var variance = control.VarianceOfMean!.Value + treatment.VarianceOfMean!.Value;
        return new EffectEstimate(treatment.Mean!.Value - control.Mean!.Value, Math.Sqrt(variance));
    }

    /// <summary>
    /// The relative lift (m₂ − m₁) / |m₁|, with variance by the delta method: v₂/(n₂m₁²) + v₁m₂²/(n₁m₁⁴).
    /// </summary>
    /// <param name="control">The control's moments.</param>
    /// <param name="treatment">The treatment's moments.</param>
    /// <returns>
    /// The estimate, 0.1 for +10 %; null where <see cref="Difference"/> is null, the control's mean is 0, or the
    /// standard error is 0 or not finite.
    /// </returns>
    public static EffectEstimate? Lift(SampleMoments control, SampleMoments treatment)
    {
        if (Difference(control, treatment) is not { } difference || control.Mean == 0)
        {
            return null;
        }

        var baseline = control.Mean!.Value;
        var ratio = treatment.Mean!.Value / baseline;
        var error =
            Math.Sqrt(treatment.VarianceOfMean!.Value + (control.VarianceOfMean!.Value * ratio * ratio))
            / Math.Abs(baseline);
        return error > 0 && double.IsFinite(error)
            ? new EffectEstimate(difference.Effect / Math.Abs(baseline), error)
            : null;
    }
}
