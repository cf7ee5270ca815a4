using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Llm.RequestLog;

/// <summary>What was asked, and what did it cost?</summary>
internal interface IRequestLog
{
    /// <summary>Requests, newest first.</summary>
    Task<Page<RequestLogEntry>> ListAsync(
        RequestLogFilter filter,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>How many completions were answered.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>Sums over requests, in no particular order. A day of which only sums are kept counts as a whole, at its beginning (<see cref="IsSummedAsync"/>).</summary>
    /// <param name="filter">Which requests.</param>
    /// <param name="groupBy">How to divide them; empty: one group, or none where there is no request.</param>
    /// <param name="limit">The most groups; there may be more than are returned.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<UsageGroup>> SumAsync(
        RequestLogFilter filter,
        IReadOnlyList<UsageDimension> groupBy,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Whether of the day (UTC) of a moment only sums are kept, be it of a part of its requests. That never ends.</summary>
    Task<bool> IsSummedAsync(DateTimeOffset moment, CancellationToken cancellationToken);
}
