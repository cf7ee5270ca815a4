namespace CogniForge.Serving.Experiments;

/// <summary>How the outcomes of a unit become its value of a continuous metric.</summary>
internal enum MetricAggregation
{
    /// <summary>Their sum; a unit without outcomes has 0.</summary>
    Sum,

    /// <summary>Their mean; a unit without outcomes is left out.</summary>
    Mean,
}
