namespace CogniForge.Messaging.Journal;

/// <summary>Stores and announces what a journal holds.</summary>
/// <typeparam name="T">The records.</typeparam>
public interface IJournalSink<T>
{
    /// <summary>Stores a batch of records and publishes them. It may get records again that it has dealt with: it recognises them by their ids.</summary>
    /// <param name="records">At most 1,000 records, in the order in which they were appended.</param>
    /// <param name="cancellationToken">The service stops; the records come again.</param>
    Task WriteAsync(IReadOnlyList<T> records, CancellationToken cancellationToken);
}
