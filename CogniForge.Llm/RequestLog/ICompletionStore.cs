
namespace CogniForge.Llm.RequestLog;

/// <summary>Which requests were dealt with?</summary>
internal interface ICompletionStore
{
    /// <summary>Stores records; one that is there already stays as it is.</summary>
    Task AddAsync(IReadOnlyList<CompletionRecord> records, CancellationToken cancellationToken);
}
