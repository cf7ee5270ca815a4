using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Messaging.Journal;

/// <summary>
/// The journal is full, because its stores have been unavailable for too long, or its disk is full or broken.
/// </summary>
public sealed class JournalFullException : OverloadedException
{
    /// <summary>Creates the exception.</summary>
    public JournalFullException()
        : this("The journal is full because the stores have been unavailable for too long; try again later.") { }

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
