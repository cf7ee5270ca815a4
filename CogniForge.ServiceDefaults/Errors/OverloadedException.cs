namespace CogniForge.ServiceDefaults.Errors;

/// <summary>The service itself has no room for more work now. A request gets 503 with this exception's message.</summary>
public class OverloadedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public OverloadedException() { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What the client reads.</param>
    public OverloadedException(string message)
        : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What the client reads.</param>
    /// <param name="innerException">The cause.</param>
    public OverloadedException(string message, Exception innerException)
        : base(message, innerException) { }
}
