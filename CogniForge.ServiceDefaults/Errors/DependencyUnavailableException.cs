namespace CogniForge.ServiceDefaults.Errors;

/// <summary>
/// A server that the service depends on is unavailable; a retry may succeed. The request gets 503.
/// </summary>
public class DependencyUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public DependencyUnavailableException() { }

    /// <summary>What the client learns where more is known than that a server is unavailable; otherwise null.</summary>
    public virtual string? Detail => null;

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    public DependencyUnavailableException(string message)
        : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public DependencyUnavailableException(string message, Exception innerException)
        : base(message, innerException) { }
}
