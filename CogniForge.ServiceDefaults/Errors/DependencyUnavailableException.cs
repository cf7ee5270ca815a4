namespace CogniForge.ServiceDefaults.Errors;

/// <summary>
/// A server that the service depends on cannot do the work now; the same work may succeed later. A request gets 503.
/// </summary>
public class DependencyUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public DependencyUnavailableException() { }

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
