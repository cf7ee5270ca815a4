using CogniForge.ServiceDefaults.Postgres;
using Dapper;

namespace CogniForge.Analytics.Activity;

internal sealed class PostgresActivityStore(Database database) : IActivityStore
{
    public Task AddAsync(IReadOnlyList<Completion> completions, CancellationToken cancellationToken) =>
        ExecuteAsync(
            """
            INSERT INTO completion (id, occurred_at, caller, provider, model, input_tokens, output_tokens)
            SELECT * FROM unnest(@ids, @times, @callers, @providers, @models, @inputs, @outputs)
            ON CONFLICT (id) DO NOTHING
            """,
            new
            {
                ids = completions.Select(c => c.Id).ToArray(),
                times = completions.Select(c => c.OccurredAt.ToUniversalTime()).ToArray(),
                callers = completions.Select(c => c.Caller).ToArray(),
                providers = completions.Select(c => c.Provider).ToArray(),
                models = completions.Select(c => c.Model).ToArray(),
                inputs = completions.Select(c => c.InputTokens).ToArray(),
                outputs = completions.Select(c => c.OutputTokens).ToArray(),
            },
            cancellationToken
        );

    public Task AddAsync(IReadOnlyList<Inference> inferences, CancellationToken cancellationToken) =>
        ExecuteAsync(
            """
            INSERT INTO inference (id, occurred_at, model, version, rows)
            SELECT * FROM unnest(@ids, @times, @models, @versions, @rows)
            ON CONFLICT (id) DO NOTHING
            """,
            new
            {
                ids = inferences.Select(i => i.Id).ToArray(),
                times = inferences.Select(i => i.OccurredAt.ToUniversalTime()).ToArray(),
                models = inferences.Select(i => i.Model).ToArray(),
                versions = inferences.Select(i => i.Version).ToArray(),
                rows = inferences.Select(i => i.Rows).ToArray(),
            },
            cancellationToken
        );

    public Task AddAsync(IReadOnlyList<Promotion> promotions, CancellationToken cancellationToken) =>
        ExecuteAsync(
            """
            INSERT INTO promotion (id, occurred_at, model, version)
            SELECT * FROM unnest(@ids, @times, @models, @versions)
            ON CONFLICT (id) DO NOTHING
            """,
            new
            {
                ids = promotions.Select(p => p.Id).ToArray(),
                times = promotions.Select(p => p.OccurredAt.ToUniversalTime()).ToArray(),
                models = promotions.Select(p => p.Model).ToArray(),
                versions = promotions.Select(p => p.Version).ToArray(),
            },
            cancellationToken
        );

    public Task AddAsync(IReadOnlyList<Drift> drifts, CancellationToken cancellationToken) =>
        ExecuteAsync(
            """
            INSERT INTO drift (id, occurred_at, model)
            SELECT * FROM unnest(@ids, @times, @models)
            ON CONFLICT (id) DO NOTHING
            """,
            new
            {
                ids = drifts.Select(d => d.Id).ToArray(),
                times = drifts.Select(d => d.OccurredAt.ToUniversalTime()).ToArray(),
                models = drifts.Select(d => d.Model).ToArray(),
            },
            cancellationToken
        );

    public Task<(long Completions, long Inferences, long Promotions, long Drifts)> CountAsync(
        CancellationToken cancellationToken
    ) =>
        database.RunAsync(
            connection =>
                connection.QuerySingleAsync<(long, long, long, long)>(
                    new CommandDefinition(
                        """
                        SELECT (SELECT count(*) FROM completion),
                               (SELECT count(*) FROM inference),
                               (SELECT count(*) FROM promotion),
                               (SELECT count(*) FROM drift)
                        """,
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );

    private Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)),
            cancellationToken
        );
}
