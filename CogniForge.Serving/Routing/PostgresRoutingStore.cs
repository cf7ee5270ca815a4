using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Models;
using Dapper;
using Npgsql;

namespace CogniForge.Serving.Routing;

internal sealed class PostgresRoutingStore(Database database) : IRoutingStore
{
    private const string Select = """
        SELECT model, policy::text AS policy, canary::text AS canary, revision, updated_at FROM model_routing
        """;

    private const string Upsert = """
        INSERT INTO model_routing (model, policy, canary, revision, updated_at)
        VALUES (@Model, @policy::json, @canary::json, @Revision, @UpdatedAt)
        ON CONFLICT (model) DO UPDATE SET policy = excluded.policy, canary = excluded.canary,
            revision = excluded.revision, updated_at = excluded.updated_at
        """;

    public Task<ModelRouting?> FindAsync(string model, CancellationToken cancellationToken) =>
        database.RunAsync(connection => FindAsync(connection, null, model, cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<ModelRouting>> ListRunningCanariesAsync(CancellationToken cancellationToken) =>
        await database.RunAsync(
            async connection =>
                (
                    await connection.QueryAsync<Row>(
                        new CommandDefinition(
                            $"{Select} WHERE canary ->> 'status' = 'running' ORDER BY model",
                            cancellationToken: cancellationToken
                        )
                    )
                )
                    .Select(r => r.ToRouting())
                    .ToList(),
            cancellationToken
        );

    public Task ChangeAsync(
        string model,
        Func<ModelRouting?, RoutingChange?> decide,
        CancellationToken cancellationToken
    ) => database.RunAsync(connection => ChangeAsync(connection, model, decide, cancellationToken), cancellationToken);

    private static async Task ChangeAsync(
        NpgsqlConnection connection,
        string model,
        Func<ModelRouting?, RoutingChange?> decide,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Serializes the changes of a model's policy, and keeps the model from being deleted meanwhile.
        var found = await connection.QueryFirstOrDefaultAsync<string>(
            new CommandDefinition(
                "SELECT name FROM model WHERE name = @model FOR UPDATE",
                new { model },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        if (found is null)
        {
            throw RegistryException.UnknownModel(model);
        }

        if (decide(await FindAsync(connection, transaction, model, cancellationToken)) is not { } change)
        {
            return;
        }

        await connection.ExecuteAsync(
            change.Routing is { } routing
                ? new CommandDefinition(
                    Upsert,
                    new
                    {
                        routing.Model,
                        policy = RegistryJson.Write(routing.Policy),
                        canary = routing.Canary is { } canary ? RegistryJson.Write(canary) : null,
                        routing.Revision,
                        routing.UpdatedAt,
                    },
                    transaction,
                    cancellationToken: cancellationToken
                )
                : new CommandDefinition(
                    "DELETE FROM model_routing WHERE model = @model",
                    new { model },
                    transaction,
                    cancellationToken: cancellationToken
                )
        );
        await PostgresAuditLog.AddAsync(transaction, change.Audit, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<ModelRouting?> FindAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        string model,
        CancellationToken cancellationToken
    ) =>
        (
            await connection.QueryFirstOrDefaultAsync<Row>(
                new CommandDefinition(
                    $"{Select} WHERE model = @model",
                    new { model },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
        )?.ToRouting();

    private sealed record Row(string Model, string Policy, string? Canary, Guid Revision, DateTime Updated_At)
    {
        public ModelRouting ToRouting() =>
            new(
                Model,
                RegistryJson.Read<RoutingPolicy>(Policy),
                Canary is null ? null : RegistryJson.Read<CanaryState>(Canary),
                Revision,
                Updated_At
            );
    }
}
