namespace CogniForge.Serving.Experiments;

/// <summary>The state of an experiment.</summary>
internal enum ExperimentState
{
    /// <summary>It was never started, and everything may change.</summary>
    Draft,

    /// <summary>It assigns units.</summary>
    Running,

    /// <summary>It assigns no units, and may be started again.</summary>
    Paused,

    /// <summary>It has ended.</summary>
    Stopped,
}
