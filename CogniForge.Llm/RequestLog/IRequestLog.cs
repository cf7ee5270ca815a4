using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Llm.RequestLog;

/// <summary>Stores the gateway's requests with their tokens and costs.</summary>
internal interface IRequestLog
{
    /// <summary>Adds entries; those already stored, as such or in a rollup, stay unchanged.</summary>
    Task AddAsync(IReadOnlyList<RequestLogEntry> entries, CancellationToken cancellationToken);

    /// <summary>Lists entries, newest first.</summary>
    Task<Page<RequestLogEntry>> ListAsync(
        RequestLogFilter filter,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Counts the successful requests.</summary>
    Task<CountResponse> CountAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Sums entries, in no particular order. A rolled-up day counts as a whole, at its beginning
    /// (<see cref="HasRolledUpAsync"/>).
    /// </summary>
    /// <param name="filter">The entries.</param>
    /// <param name="groupBy">The dimensions of the groups; empty: one group, or none if no entry matches.</param>
    /// <param name="limit">The maximum number of groups returned.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<IReadOnlyList<UsageGroup>> SumAsync(
        RequestLogFilter filter,
        IReadOnlyList<UsageDimension> groupBy,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Whether any UTC day between two moments has been rolled up, even partly; their own days count. A rolled-up day
    /// stays so.
    /// </summary>
    Task<bool> HasRolledUpAsync(DateTimeOffset first, DateTimeOffset last, CancellationToken cancellationToken);
}
