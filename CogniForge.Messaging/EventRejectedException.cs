namespace CogniForge.Messaging;

/// <summary>An event can never be handled, so retries are pointless: it goes to the dead letters.</summary>
public sealed class EventRejectedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public EventRejectedException() { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong with the event.</param>
    public EventRejectedException(string message)
        : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong with the event.</param>
    /// <param name="innerException">The underlying exception.</param>
    public EventRejectedException(string message, Exception innerException)
        : base(message, innerException) { }
}
