using System.ComponentModel.DataAnnotations;

namespace CogniForge.Serving.Experiments;

/// <summary>What is kept of experiments (section <c>Experiments</c>).</summary>
internal sealed class ExperimentOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Experiments";

    /// <summary>
    /// How many days exposures and outcomes are kept after the experiment has ended. Default: 90, range 1 to 3,650.
    /// </summary>
    [Range(1, 3_650)]
    public int RetentionDays { get; set; } = 90;
}
