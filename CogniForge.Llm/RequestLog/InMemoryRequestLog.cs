using System.Globalization;
using System.Text.Json;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Llm.RequestLog;

/// <summary>Keeps the newest 10,000 entries; older ones still count as successful requests.</summary>
internal sealed class InMemoryRequestLog : IRequestLog
{
    private const int Capacity = 10_000;
    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _ids = [];
    private readonly Queue<RequestLogEntry> _entries = new();
    private long _succeeded;
    private long _completions;

    public Task AddAsync(IReadOnlyList<RequestLogEntry> entries, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var entry in entries.Where(e => _ids.Add(e.Id)))
            {
                _succeeded += entry.Status == 200 ? 1 : 0;
                _completions += entry.IsCompletion ? 1 : 0;
                _entries.Enqueue(entry);
                if (_entries.Count > Capacity)
                {
                    _ids.Remove(_entries.Dequeue().Id);
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task<CountResponse> CountAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(new CountResponse(_succeeded, _completions));
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
                    .. Find(filter)
                        .Where(e => cursor.AfterId == Guid.Empty || e.Id < cursor.AfterId)
                        .OrderByDescending(e => e.Id)
                        .Take(limit + 1),
                ],
                limit,
                e => Cursor.After(e.Id)
            )
        );

    public Task<IReadOnlyList<UsageGroup>> SumAsync(
        RequestLogFilter filter,
        IReadOnlyList<UsageDimension> groupBy,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult<IReadOnlyList<UsageGroup>>([
            .. Find(filter)
                .GroupBy(e => JsonSerializer.Serialize(groupBy.Select(d => GetValue(e, d))))
                .Take(limit)
                .Select(g => new UsageGroup(
                    [.. groupBy.Select(d => GetValue(g.First(), d))],
                    g.Select(UsageSums.From).Aggregate(UsageSums.None, (a, b) => a.Add(b))
                )),
        ]);

    public Task<bool> HasRolledUpAsync(
        DateTimeOffset first,
        DateTimeOffset last,
        CancellationToken cancellationToken
    ) => Task.FromResult(false);

    private RequestLogEntry[] Find(RequestLogFilter filter)
    {
        lock (_lock)
        {
            return [.. _entries.Where(filter.Matches)];
        }
    }

    private static string? GetValue(RequestLogEntry entry, UsageDimension dimension) =>
        dimension.Metadata is { } name ? entry.Metadata?.GetValueOrDefault(name)
        : RequestLogColumns.Find(dimension) is { } column
            ? column.GetValue(entry) as string
            : entry.OccurredAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
