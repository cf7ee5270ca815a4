namespace CogniForge.ServiceDefaults.Errors;

/// <summary>The service is overloaded. The request gets 503 with this exception's message.</summary>
public class OverloadedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public OverloadedException() { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message for the client.</param>
    public OverloadedException(string message)
        : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message for the client.</param>
    /// <param name="innerException">The cause.</param>
    public OverloadedException(string message, Exception innerException)
        : base(message, innerException) { }
}
