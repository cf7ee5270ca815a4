using System.Globalization;
using System.Text.Json;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Llm.RequestLog;

/// <summary>Keeps the newest 10,000 records; older ones are still counted.</summary>
internal sealed class InMemoryRequestLog : IRequestLogWriter, IRequestLog
{
    private const int Capacity = 10_000;
    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _ids = [];
    private readonly Queue<RequestLogEntry> _records = new();
    private long _count;

    public Task AddAsync(IReadOnlyList<RequestLogEntry> records, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var entry in records.Where(r => _ids.Add(r.Id)))
            {
                _count += entry.Status == 200 ? 1 : 0;
                _records.Enqueue(entry);
                if (_records.Count > Capacity)
                {
                    _ids.Remove(_records.Dequeue().Id);
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task<long> CountAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_count);
        }
    }

    public Task<Page<RequestLogEntry>> ListAsync(
        RequestLogFilter filter,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult(
            Page.Create(
                [
                    .. Of(filter)
                        .Where(r => cursor.AfterId == Guid.Empty || r.Id < cursor.AfterId)
                        .OrderByDescending(r => r.Id)
                        .Take(limit + 1),
                ],
                limit,
                r => Cursor.After(r.Id)
            )
        );

    public Task<IReadOnlyList<UsageGroup>> SumAsync(
        RequestLogFilter filter,
        IReadOnlyList<UsageDimension> groupBy,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult<IReadOnlyList<UsageGroup>>([
            .. Of(filter)
                .GroupBy(r => JsonSerializer.Serialize(groupBy.Select(d => Value(r, d))))
                .Take(limit)
                .Select(g => new UsageGroup(
                    [.. groupBy.Select(d => Value(g.First(), d))],
                    g.Select(GetSums).Aggregate(UsageSums.None, (a, b) => a.Add(b))
                )),
        ]);

    public Task<bool> IsSummedAsync(DateTimeOffset moment, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    private RequestLogEntry[] Of(RequestLogFilter filter)
    {
        lock (_lock)
        {
            return [.. _records.Where(filter.Matches)];
        }
    }

    private static string? Value(RequestLogEntry entry, UsageDimension dimension) =>
        dimension switch
        {
            UsageDimension.Key => entry.Caller,
            UsageDimension.User => entry.User,
            UsageDimension.Model => entry.Model,
            UsageDimension.Provider => entry.Provider,
            UsageDimension.Route => entry.Route,
            _ => entry.OccurredAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };

    private static UsageSums GetSums(RequestLogEntry entry)
    {
        static long One(bool counts) => counts ? 1 : 0;
        var isUnpriced = entry.Cost is null && (entry.Status == 200 || entry.InputTokens + entry.OutputTokens > 0);
        return new(
            1,
            One(entry.Status != 200),
            One(entry.Cached),
            entry.InputTokens,
            entry.OutputTokens,
            entry.CacheReadTokens,
            entry.CacheWriteTokens,
            entry.ReasoningTokens,
            entry.Cost ?? 0,
            entry.Saved ?? 0,
            One(isUnpriced),
            One(entry.Estimated)
        );
    }
}
