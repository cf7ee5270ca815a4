namespace CogniForge.Web.Dashboard;

/// <summary>How a service answered.</summary>
internal enum PartStatus
{
    /// <summary>It did.</summary>
    Ok,

    /// <summary>The caller's key lacks the scope, or is not known there.</summary>
    Forbidden,

    /// <summary>It is away, or failed.</summary>
    Unavailable,
}
