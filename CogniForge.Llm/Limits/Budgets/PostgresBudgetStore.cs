using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;

namespace CogniForge.Llm.Limits.Budgets;

/// <summary>Budgets of all replicas, in the tables <c>budget</c> and <c>budget_lease</c>.</summary>
internal sealed class PostgresBudgetStore(Database database) : IBudgetStore
{
    private const string IsBudget = "key = @key AND period = @period AND starts_at = @start";

    // A dead replica's open requests may have cost what they held. If it was only cut off, its renewal corrects that.
    private const string Leases = """
        SELECT id, budget_id,
            CASE WHEN expires_at < statement_timestamp() THEN spent + held ELSE allowance END AS allowance,
            CASE WHEN expires_at < statement_timestamp() THEN spent + held ELSE spent END AS spent,
            CASE WHEN expires_at < statement_timestamp() THEN 0 ELSE held END AS held
        FROM budget_lease
        """;

    // A host that vanishes must not keep the lock. The sums must see what others committed before this got the lock.
    private const string LockAndSum = $"""
        SET LOCAL idle_in_transaction_session_timeout = '10s';

        SELECT id, spent, coalesce(short_at > clock_timestamp() - interval '5 seconds', false) AS isShort
        FROM budget WHERE {IsBudget} FOR UPDATE;

        SELECT coalesce(sum(l.spent), 0)::bigint AS spent, coalesce(sum(l.allowance), 0)::bigint AS allowance
        FROM ({Leases}) AS l JOIN budget b ON b.id = l.budget_id WHERE {IsBudget} AND l.id <> @lease
        """;

    // A renewal that arrives late changes nothing: neither a later one, nor a lease that has ended.
    private const string StoreLease = """
        INSERT INTO budget_lease (id, budget_id, version, allowance, spent, held, renewed_at, expires_at)
        SELECT @lease, @id, @version, @allowance, @spent, @held, now, now + interval '1 hour'
        FROM clock_timestamp() AS now WHERE @isNew OR EXISTS (SELECT FROM budget_lease WHERE id = @lease)
        ON CONFLICT (id) DO UPDATE
        SET version = excluded.version, allowance = excluded.allowance, spent = excluded.spent, held = excluded.held,
            renewed_at = excluded.renewed_at, expires_at = excluded.expires_at
        WHERE budget_lease.version < excluded.version
        """;

    private const string EndLease = """
        SELECT FROM budget WHERE id = (SELECT budget_id FROM budget_lease WHERE id = @lease) FOR UPDATE;

        WITH ended AS (DELETE FROM budget_lease WHERE id = @lease RETURNING budget_id)
        UPDATE budget SET spent = budget.spent + @spent FROM ended WHERE budget.id = ended.budget_id
        """;

    // Every lease has reported what the log had stored 5 s before the lease's last renewal.
    private const string ReportedUntil = $"""
        SELECT coalesce(min(l.renewed_at), clock_timestamp()) - interval '5 seconds'
        FROM budget_lease l JOIN budget b ON b.id = l.budget_id
        WHERE {IsBudget} AND l.expires_at > clock_timestamp()
        """;

    public Task<LeaseGrant?> RenewAsync(LeaseRenewal renewal, CancellationToken cancellationToken) =>
        database.RunAsync(connection => RenewAsync(connection, renewal, cancellationToken), cancellationToken);

    public Task EndAsync(Guid lease, long spent, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection => connection.ExecuteAsync(Command(EndLease, new { lease, spent }, cancellationToken)),
            cancellationToken
        );

    public Task<BudgetUsage> ReadAsync(
        string key,
        BudgetWindow window,
        Guid? exceptLease,
        CancellationToken cancellationToken
    )
    {
        var read = $"""
            SELECT (coalesce(min(b.spent), 0) + coalesce(sum(l.spent), 0))::bigint AS spent,
                coalesce(sum(l.held), 0)::bigint AS held, ({SumLog(key)}) AS logged
            FROM budget b LEFT JOIN ({Leases}) AS l ON l.budget_id = b.id AND l.id <> @lease WHERE {IsBudget}
            """;
        var command = Command(read, Parameters(key, window, exceptLease ?? Guid.Empty), cancellationToken);
        return database.RunAsync(connection => connection.QuerySingleAsync<BudgetUsage>(command), cancellationToken);
    }

    public Task ReconcileAsync(string key, BudgetWindow window, CancellationToken cancellationToken) =>
        database.RunAsync(
            async connection =>
            {
                var parameters = Parameters(key, window);
                var reportedUntil = Command(ReportedUntil, parameters, cancellationToken);
                parameters.Add("storedBefore", await connection.QuerySingleAsync<DateTime>(reportedUntil));
                var reconcile = $"""
                    UPDATE budget SET spent = greatest(spent, ({SumLog(key)})
                        - (SELECT coalesce(sum(l.spent), 0) FROM ({Leases}) AS l WHERE l.budget_id = budget.id)::bigint)
                    WHERE {IsBudget}
                    """;
                await connection.ExecuteAsync(Command(reconcile, parameters, cancellationToken));
            },
            cancellationToken
        );

    /// <summary>Sums the costs in the request log, which has a record itself or in the sum of its UTC day.</summary>
    private static string SumLog(string key)
    {
        var column = Project.ParseLimitKey(key) is null ? "caller" : "project";
        return $"""
            SELECT ceil(coalesce(sum(cost), 0) * 1000000000)::bigint FROM (
                SELECT cost FROM completion
                WHERE {column} = @owner AND occurred_at >= @start AND occurred_at < @end AND stored_at < @storedBefore
                UNION ALL
                SELECT cost FROM completion_day
                WHERE {column} = @owner
                    AND day >= (@start AT TIME ZONE 'UTC')::date AND day < (@end AT TIME ZONE 'UTC')::date
            ) AS log
            """;
    }

    private static async Task<LeaseGrant?> RenewAsync(
        NpgsqlConnection connection,
        LeaseRenewal renewal,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var parameters = Parameters(renewal.Key, renewal.Window, renewal.Lease);
        var (budget, others) = await LockAsync(connection, parameters, cancellationToken);
        if (budget is null)
        {
            var create = $"""
                DELETE FROM budget WHERE key = @key AND ends_at < clock_timestamp() - interval '1 day';

                INSERT INTO budget (key, period, starts_at, ends_at, spent)
                SELECT @key, @period, @start, @end, ({SumLog(renewal.Key)})
                ON CONFLICT DO NOTHING
                """;
            await connection.ExecuteAsync(Command(create, parameters, cancellationToken));
            (budget, others) = await LockAsync(connection, parameters, cancellationToken);
        }

        var grant = renewal.Grant(budget!.Spent + others.Spent, budget.Spent + others.Allowance, budget.IsShort);
        var (id, version, isNew) = (budget.Id, renewal.Version, renewal.IsNew);
        parameters.AddDynamicParams(new { id, version, isNew, grant.Allowance, renewal.Spent, renewal.Held });
        var stored = await connection.ExecuteAsync(Command(StoreLease, parameters, cancellationToken));
        if (grant.IsShort && !budget.IsShort && renewal.MinCost > 0)
        {
            const string MarkShort = "UPDATE budget SET short_at = clock_timestamp() WHERE id = @id";
            await connection.ExecuteAsync(Command(MarkShort, parameters, cancellationToken));
        }

        await transaction.CommitAsync(cancellationToken);
        return stored == 1 ? grant : null;
    }

    private static async Task<(BudgetRow? Budget, LeaseSums Others)> LockAsync(
        NpgsqlConnection connection,
        DynamicParameters parameters,
        CancellationToken cancellationToken
    )
    {
        await using var rows = await connection.QueryMultipleAsync(Command(LockAndSum, parameters, cancellationToken));
        return (await rows.ReadSingleOrDefaultAsync<BudgetRow>(), await rows.ReadSingleAsync<LeaseSums>());
    }

    private static DynamicParameters Parameters(string key, BudgetWindow window, Guid lease = default)
    {
        var parameters = new DynamicParameters();
        parameters.Add("key", key);
        parameters.Add("owner", Project.ParseLimitKey(key) ?? key); // as the log has it
        parameters.Add("period", window.Period.ToString().ToLowerInvariant());
        parameters.Add("start", window.Start);
        parameters.Add("end", window.End);
        parameters.Add("lease", lease);
        parameters.Add("storedBefore", DateTime.MaxValue);
        return parameters;
    }

    private static CommandDefinition Command(string sql, object parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, cancellationToken: cancellationToken);

    private sealed record BudgetRow(long Id, long Spent, bool IsShort);

    private sealed record LeaseSums(long Spent, long Allowance);
}
