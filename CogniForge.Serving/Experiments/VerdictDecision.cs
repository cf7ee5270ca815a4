namespace CogniForge.Serving.Experiments;

/// <summary>What the results of an experiment say.</summary>
internal enum VerdictDecision
{
    /// <summary>The data do not decide yet.</summary>
    Undecided,

    /// <summary>A variant is better, and no guard-rail is harmed.</summary>
    Winner,

    /// <summary>A guard-rail is harmed.</summary>
    Harmful,

    /// <summary>The units do not arrive in the configured shares, so the results mislead.</summary>
    SampleRatioMismatch,
}
