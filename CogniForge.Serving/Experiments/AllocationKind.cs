namespace CogniForge.Serving.Experiments;

/// <summary>How the shares of an experiment develop.</summary>
internal enum AllocationKind
{
    /// <summary>They stay as configured.</summary>
    Fixed,

    /// <summary>Thompson sampling on the primary metric updates them every 30 seconds.</summary>
    Thompson,
}
