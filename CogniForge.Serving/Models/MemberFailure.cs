namespace CogniForge.Serving.Models;

/// <summary>What happens when a member of an ensemble fails.</summary>
internal enum MemberFailure
{
    /// <summary>The ensemble fails.</summary>
    Fail,

    /// <summary>The other members decide.</summary>
    LeaveOut,
}
