namespace CogniForge.Serving.Experiments;

/// <summary>What a metric measures.</summary>
internal enum MetricKind
{
    /// <summary>Whether something happened: a unit has 1 if one of its outcomes is 1, otherwise 0.</summary>
    Binary,

    /// <summary>A number per unit.</summary>
    Continuous,
}
