namespace CogniForge.Llm.RequestLog;

/// <summary>Which requests were dealt with?</summary>
internal interface IRequestLogWriter
{
    /// <summary>Stores records; one that is there already stays as it is.</summary>
    Task AddAsync(IReadOnlyList<RequestLogEntry> records, CancellationToken cancellationToken);
}
