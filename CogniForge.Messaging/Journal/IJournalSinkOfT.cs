namespace CogniForge.Messaging.Journal;

/// <summary>Stores and publishes the records of a journal.</summary>
/// <typeparam name="T">The type of the records.</typeparam>
public interface IJournalSink<T>
{
    /// <summary>
    /// Stores and publishes a batch of records. Records can arrive again; the sink recognizes them by their ids.
    /// </summary>
    /// <param name="records">At most 1,000 records, in the order of their appends.</param>
    /// <param name="cancellationToken">Cancelled when the service stops; the records are delivered again.</param>
    Task WriteAsync(IReadOnlyList<T> records, CancellationToken cancellationToken);
}
