using CogniForge.ServiceDefaults.Audit;
using CogniForge.Statistics.Latency;

namespace CogniForge.Serving.Shadows;

/// <summary>Keeps shadows and the newest 10,000 comparisons in memory.</summary>
internal sealed class InMemoryShadowStore(IAuditLog audit) : IShadowStore
{
    private const int Capacity = 10_000;
    private readonly Lock _lock = new();
    private readonly List<Shadow> _shadows = [];
    private readonly LinkedList<ShadowComparison> _comparisons = new();

    public Task<IReadOnlyList<Shadow>> ListAllAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<Shadow>>([.. _shadows]);
        }
    }

    public Task<IReadOnlyList<Shadow>> ListAsync(string model, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(List(model));
        }
    }

    public async Task ChangeAsync(
        string model,
        Func<IReadOnlyList<Shadow>, ShadowChange?> decide,
        CancellationToken cancellationToken
    )
    {
        ShadowChange? change;
        lock (_lock)
        {
            change = decide(List(model));
            if (change is null)
            {
                return;
            }

            var gone = (change.Stored ?? change.Deleted)!;
            _shadows.RemoveAll(s => s.Id == gone.Id);
            if (change.Stored is { } stored)
            {
                _shadows.Add(stored);
            }
            else
            {
                Remove(c => c.Model == gone.Model && c.Version == gone.Version);
            }
        }

        await audit.AddAsync(change.Audit, cancellationToken);
    }

    public Task AddAsync(IReadOnlyList<ShadowComparison> comparisons, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var comparison in comparisons)
            {
                _comparisons.AddLast(comparison);
                if (_comparisons.Count > Capacity)
                {
                    _comparisons.RemoveFirst();
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task<ShadowReport> ReportAsync(Shadow shadow, DateTimeOffset since, CancellationToken cancellationToken)
    {
        List<ShadowComparison> all;
        lock (_lock)
        {
            all =
            [
                .. _comparisons.Where(c =>
                    c.Model == shadow.Model && c.Version == shadow.Version && c.OccurredAt >= since
                ),
            ];
        }

        return Task.FromResult(
            new ShadowReport(
                shadow.Model,
                shadow.Version,
                since,
                all.Count,
                all.Count(c => c.Error is not null),
                all.Sum(c => c.Dropped),
                LatencySummary.FromValues([.. all.Select(c => c.PrimaryMs)]),
                LatencySummary.FromValues([.. all.Select(c => c.ShadowMs).OfType<double>()]),
                [
                    .. all.SelectMany(c => c.Outputs)
                        .GroupBy(o => o.Name, StringComparer.Ordinal)
                        .OrderBy(g => g.Key, StringComparer.Ordinal)
                        .Select(g => new OutputReport(
                            g.Key,
                            g.Sum(o => o.Elements),
                            (double)g.Sum(o => o.Agreeing) / g.Sum(o => o.Elements),
                            g.Sum(o => o.SumDifference) / g.Sum(o => o.Elements),
                            g.Max(o => o.MaxDifference)
                        )),
                ]
            )
        );
    }

    public Task DeleteAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Remove(c => c.OccurredAt < before);
        }

        return Task.CompletedTask;
    }

    private IReadOnlyList<Shadow> List(string model) =>
        [.. _shadows.Where(s => s.Model == model).OrderBy(s => s.Version)];

    private void Remove(Func<ShadowComparison, bool> isGone)
    {
        foreach (var comparison in _comparisons.Where(isGone).ToList())
        {
            _comparisons.Remove(comparison);
        }
    }
}
