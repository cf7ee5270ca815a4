using Dapper;
using Npgsql;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>What the database knows of budgets.</summary>
internal sealed class BudgetTables(string database)
{
    /// <summary>What replicas have leased of a key's budget and not used, in billionths of a USD.</summary>
    public Task<long> GetUnusedAsync(string key) =>
        QueryAsync<long>(
            """
            SELECT coalesce(sum(l.allowance - l.spent - l.held), 0)::bigint
            FROM budget_lease l JOIN budget b ON b.id = l.budget_id WHERE b.key = @key
            """,
            new { key }
        );

    /// <summary>How often leases of a key's budget were renewed.</summary>
    public Task<long> GetRenewalsAsync(string key) =>
        QueryAsync<long>(
            "SELECT sum(version) FROM budget_lease l JOIN budget b ON b.id = l.budget_id WHERE b.key = @key",
            new { key }
        );

    /// <summary>The total cost of a key's requests in the log, in USD.</summary>
    public Task<decimal> GetLoggedCostAsync(string key) =>
        QueryAsync<decimal>("SELECT coalesce(sum(cost), 0) FROM completion WHERE caller = @key", new { key });

    /// <summary>Adds a request to the log, as if it was stored some seconds ago.</summary>
    public Task LogAsync(string key, decimal cost, int secondsAgo) =>
        QueryAsync<int>(
            """
            INSERT INTO completion
                (id, occurred_at, caller, provider, model, input_tokens, output_tokens, duration_ms, cost, stored_at)
            VALUES (gen_random_uuid(), now(), @key, 'mock', 'mock', 0, 0, 0, @cost,
                now() - make_interval(secs => @secondsAgo))
            RETURNING 1
            """,
            new { key, cost, secondsAgo }
        );

    /// <summary>Has the leases of a key's budget expire, as if their replicas had been away for an hour.</summary>
    public Task ExpireLeasesAsync(string key) =>
        QueryAsync<long>(
            """
            WITH expired AS (
                UPDATE budget_lease l
                SET expires_at = now() - interval '1 second', renewed_at = now() - interval '1 hour'
                FROM budget b WHERE b.id = l.budget_id AND b.key = @key RETURNING 1)
            SELECT count(*) FROM expired
            """,
            new { key }
        );

    private async Task<T> QueryAsync<T>(string sql, object parameters)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync();
        return await connection.QuerySingleAsync<T>(sql, parameters);
    }
}
