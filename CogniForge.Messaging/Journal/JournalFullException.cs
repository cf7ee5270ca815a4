using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Messaging.Journal;

/// <summary>The journal has no room: it is at its bound, for its stores have been away for too long, or its disk is full.</summary>
public sealed class JournalFullException : OverloadedException
{
    /// <summary>Creates the exception.</summary>
    public JournalFullException()
        : this("The stores have been away for so long that the journal is full; try again later.") { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    public JournalFullException(string message)
        : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public JournalFullException(string message, Exception innerException)
        : base(message, innerException) { }
}
