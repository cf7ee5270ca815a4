using CogniForge.Llm.Application;
using CogniForge.Llm.Domain;
using Dapper;
using Npgsql;

namespace CogniForge.Llm.Infrastructure;

internal sealed class PostgresCompletionStore(NpgsqlDataSource database) : ICompletionStore
{
    private const string Insert = """
        INSERT INTO completion (id, occurred_at, caller, provider, model, input_tokens, output_tokens, duration_ms, trace_parent)
        SELECT * FROM unnest(@ids, @times, @callers, @providers, @models, @inputs, @outputs, @durations, @traces)
        ON CONFLICT (id) DO NOTHING
        """;

    public async Task AddAsync(IReadOnlyList<CompletionRecord> records, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Insert, new
        {
            ids = records.Select(r => r.Id).ToArray(),
            times = records.Select(r => r.OccurredAt).ToArray(),
            callers = records.Select(r => r.Caller).ToArray(),
            providers = records.Select(r => r.Provider).ToArray(),
            models = records.Select(r => r.Model).ToArray(),
            inputs = records.Select(r => r.InputTokens).ToArray(),
            outputs = records.Select(r => r.OutputTokens).ToArray(),
            durations = records.Select(r => r.DurationMs).ToArray(),
            traces = records.Select(r => r.TraceParent).ToArray(),
        }, cancellationToken: cancellationToken));
    }

    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) FROM completion", cancellationToken: cancellationToken));
    }
}

/// <summary>Keeps the newest 10,000 records.</summary>
internal sealed class InMemoryCompletionStore : ICompletionStore
{
    private const int Capacity = 10_000;
    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _ids = [];
    private readonly Queue<Guid> _order = new();
    private long _count;

    public Task AddAsync(IReadOnlyList<CompletionRecord> records, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var id in records.Select(r => r.Id).Where(_ids.Add))
            {
                _count++;
                _order.Enqueue(id);
                if (_order.Count > Capacity)
                {
                    _ids.Remove(_order.Dequeue());
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
}
