using CogniForge.ServiceDefaults.Postgres;
using Dapper;

namespace CogniForge.Llm.ProviderState;

/// <summary>Ids of all replicas, in the table <c>provider_state</c>.</summary>
internal sealed class PostgresProviderStateStore(Database database, TimeProvider time) : IProviderStateStore
{
    private const string Insert = """
        INSERT INTO provider_state (caller, digest, provider, expires_at)
        SELECT @caller, digest, @provider, @expiresAt FROM unnest(@digests) AS digest
        ON CONFLICT (caller, digest) DO UPDATE SET expires_at = excluded.expires_at, provider = excluded.provider
        """;

    private const string Select = """
        SELECT digest, provider FROM provider_state
        WHERE caller = @caller AND digest = ANY (@digests) AND expires_at > @now
        """;

    private const string Delete = "DELETE FROM provider_state WHERE expires_at <= @now";

    public Task AddAsync(
        string caller,
        string provider,
        IReadOnlyCollection<string> ids,
        CancellationToken cancellationToken
    )
    {
        // Sorted, so that two requests that add the same ids do not lock each other up.
        byte[][] digests = [.. ids.Distinct().Order(StringComparer.Ordinal).Select(StateDigest.Compute)];
        var expiresAt = time.GetUtcNow() + IProviderStateStore.Lifetime;
        var parameters = new
        {
            caller,
            provider,
            digests,
            expiresAt,
        };
        return ExecuteAsync(Insert, parameters, cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, string?>> FindOwnAsync(
        string caller,
        IReadOnlyCollection<string> ids,
        CancellationToken cancellationToken
    )
    {
        var byDigest = ids.Distinct().ToDictionary(id => Convert.ToHexString(StateDigest.Compute(id)));
        byte[][] digests = [.. byDigest.Keys.Select(Convert.FromHexString)];
        var command = new CommandDefinition(
            Select,
            new
            {
                caller,
                digests,
                now = time.GetUtcNow(),
            },
            cancellationToken: cancellationToken
        );
        var found = await database.RunAsync(
            connection => connection.QueryAsync<(byte[] Digest, string? Provider)>(command),
            cancellationToken
        );
        return found.ToDictionary(
            s => byDigest[Convert.ToHexString(s.Digest)],
            s => s.Provider,
            StringComparer.Ordinal
        );
    }

    public Task DeleteExpiredAsync(CancellationToken cancellationToken) =>
        ExecuteAsync(Delete, new { now = time.GetUtcNow() }, cancellationToken);

    private Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteAsync(
                    new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)
                ),
            cancellationToken
        );
}
