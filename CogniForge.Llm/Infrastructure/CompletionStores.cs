using CogniForge.Llm.Application;
using CogniForge.Llm.Domain;
using CogniForge.ServiceDefaults.Postgres;
using Dapper;

namespace CogniForge.Llm.Infrastructure;

internal sealed class PostgresCompletionStore(Database database) : ICompletionStore
{
    private const string Insert = """
        INSERT INTO completion (
            id, occurred_at, caller, end_user, route, requested_model, provider, model, protocol, streamed, status, error, finish_reason, input_tokens, output_tokens,
            cache_read_tokens, cache_write_tokens, reasoning_tokens, estimated, cost, cached, saved, attempts, duration_ms, first_chunk_ms, trace_parent)
        SELECT * FROM unnest(
            @ids, @times, @callers, @users, @routes, @requested, @providers, @models, @protocols, @streamed, @statuses, @errors, @finishes, @inputs, @outputs,
            @reads, @writes, @reasonings, @estimated, @costs, @cached, @saved, @attempts, @durations, @firsts, @traces)
        ON CONFLICT (id) DO NOTHING
        """;

    public Task AddAsync(IReadOnlyList<CompletionRecord> records, CancellationToken cancellationToken)
    {
        T[] Column<T>(Func<CompletionRecord, T> value) => [.. records.Select(value)];
        string?[] Texts(Func<CompletionRecord, string?> value) => [.. records.Select(r => value(r)?.Replace('\0', ' '))]; // Postgres' text has no place for U+0000
        return database.RunAsync(connection => connection.ExecuteAsync(new CommandDefinition(Insert, new
        {
            ids = Column(r => r.Id),
            times = Column(r => r.OccurredAt),
            callers = Column(r => r.Caller),
            users = Texts(r => r.User),
            routes = Texts(r => r.Route),
            requested = Texts(r => r.RequestedModel),
            providers = Column(r => r.Provider),
            models = Texts(r => r.Model),
            protocols = Column(r => r.Protocol),
            streamed = Column(r => r.Streamed),
            statuses = Column(r => r.Status),
            errors = Column(r => r.Error),
            finishes = Texts(r => r.FinishReason),
            inputs = Column(r => r.InputTokens),
            outputs = Column(r => r.OutputTokens),
            reads = Column(r => r.CacheReadTokens),
            writes = Column(r => r.CacheWriteTokens),
            reasonings = Column(r => r.ReasoningTokens),
            estimated = Column(r => r.Estimated),
            costs = Column(r => r.Cost),
            cached = Column(r => r.Cached),
            saved = Column(r => r.Saved),
            attempts = Column(r => r.Attempts),
            durations = Column(r => r.DurationMs),
            firsts = Column(r => r.FirstChunkMs),
            traces = Column(r => r.TraceParent),
        }, cancellationToken: cancellationToken)), cancellationToken);
    }

    public Task<long> CountAsync(CancellationToken cancellationToken) => database.RunAsync(
        connection => connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) FROM completion WHERE status = 200", cancellationToken: cancellationToken)), cancellationToken);
}
