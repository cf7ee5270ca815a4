namespace CogniForge.ServiceDefaults.Errors;

/// <summary>The service is overloaded. The request gets this exception's status and message.</summary>
public class OverloadedException : Exception
{
    /// <summary>
    /// The HTTP status: 429 if the key's own requests are too much, otherwise 503. Default: 503.
    /// </summary>
    public int Status { get; init; } = StatusCodes.Status503ServiceUnavailable;

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
