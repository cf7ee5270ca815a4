namespace CogniForge.Serving.Models;

/// <summary>How an ensemble combines its members.</summary>
internal enum EnsembleMethod
{
    /// <summary>The class with the most votes, by weight; the first in ordinal order of equal ones.</summary>
    MajorityVote,

    /// <summary>The class with the highest mean probability, by weight.</summary>
    SoftVote,

    /// <summary>The mean of the predictions.</summary>
    Average,

    /// <summary>The weighted mean of the predictions.</summary>
    Weighted,

    /// <summary>One member after the other, for the rows whose confidence is still below the threshold.</summary>
    Cascade,
}
