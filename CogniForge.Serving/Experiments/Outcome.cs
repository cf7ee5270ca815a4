using System.Text.Json.Serialization;

namespace CogniForge.Serving.Experiments;

/// <summary>An outcome of a unit.</summary>
/// <param name="Id">Its id, unique in the experiment: an outcome that is sent again counts once.</param>
/// <param name="Metric">The name of a metric of the experiment.</param>
/// <param name="Value">The value; of a binary metric 0 or 1.</param>
/// <param name="UnitId">The unit. Default: that of the request.</param>
/// <param name="RequestId">The <c>id</c> of the inference request. Default: the unit is named.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record Outcome(
    string? Id = null,
    string? Metric = null,
    double? Value = null,
    string? UnitId = null,
    string? RequestId = null
)
{
    /// <summary>The maximum magnitude of values and covariates, so that their squares add up.</summary>
    public const double MaxValue = 1e15;
}
