namespace CogniForge.Web.Dashboard;

/// <summary>The status of a service's response.</summary>
internal enum PartStatus
{
    /// <summary>The service responded with its numbers.</summary>
    Ok,

    /// <summary>The service does not know the caller's key, or the key lacks the scope.</summary>
    Forbidden,

    /// <summary>The service is unreachable or failed.</summary>
    Unavailable,
}
