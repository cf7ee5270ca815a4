using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;

namespace CogniForge.Llm.Limits.Budgets;

/// <summary>Budgets of all replicas, in the tables <c>budget</c> and <c>budget_lease</c>.</summary>
internal sealed class PostgresBudgetStore(Database database) : IBudgetStore
{
    private const string IsBudget = BudgetLogQueries.IsBudget;
    private const string Leases = BudgetLogQueries.Leases;

    // A host that vanishes must not keep the lock. The sums must see what others committed before this got the lock.
    private const string LockAndSum = $"""
        SET LOCAL idle_in_transaction_session_timeout = '10s';

        SELECT id, spent, coalesce(short_at > clock_timestamp() - interval '5 seconds', false) AS isShort
        FROM budget WHERE {IsBudget} FOR UPDATE;

        SELECT coalesce(sum(l.spent), 0)::bigint AS spent, coalesce(sum(l.allowance), 0)::bigint AS allowance
        FROM ({Leases}) AS l JOIN budget b ON b.id = l.budget_id WHERE {IsBudget} AND l.id <> @lease
        """;

    private const string SetLease = """
        SET version = @version, allowance = @allowance, spent = @spent, held = @held,
            renewed_at = clock_timestamp(), expires_at = clock_timestamp() + interval '1 hour'
        WHERE budget_lease.version < @version
        """;

    private const string UpdateLease = $"UPDATE budget_lease {SetLease} AND id = @lease";

    private const string InsertLease = $"""
        INSERT INTO budget_lease (id, budget_id, version, allowance, spent, held, renewed_at, expires_at)
        VALUES (@lease, @id, @version, @allowance, @spent, @held,
            clock_timestamp(), clock_timestamp() + interval '1 hour')
        ON CONFLICT (id) DO UPDATE {SetLease}
        """;

    private const string EndLease = """
        SELECT FROM budget WHERE id = (SELECT budget_id FROM budget_lease WHERE id = @lease) FOR UPDATE;

        WITH ended AS (DELETE FROM budget_lease WHERE id = @lease RETURNING budget_id)
        UPDATE budget SET spent = budget.spent + @spent FROM ended WHERE budget.id = ended.budget_id
        """;

    private const string Read = $"""
        SELECT (b.spent + coalesce(sum(l.spent), 0))::bigint AS spent, coalesce(sum(l.held), 0)::bigint AS held
        FROM budget b LEFT JOIN ({Leases}) AS l ON l.budget_id = b.id AND l.id <> @lease
        WHERE {IsBudget} GROUP BY b.id
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

    public Task<BudgetUsage?> ReadAsync(
        string key,
        BudgetWindow window,
        Guid? exceptLease,
        CancellationToken cancellationToken
    )
    {
        var command = Command(Read, Parameters(key, window, exceptLease ?? Guid.Empty), cancellationToken);
        return database.RunAsync(
            connection => connection.QuerySingleOrDefaultAsync<BudgetUsage?>(command),
            cancellationToken
        );
    }

    public Task<long> SumRequestLogAsync(string key, BudgetWindow window, CancellationToken cancellationToken)
    {
        var command = Command(BudgetLogQueries.For(key).Sum, Parameters(key, window), cancellationToken);
        return database.RunAsync(connection => connection.QuerySingleAsync<long>(command), cancellationToken);
    }

    public Task ReconcileAsync(string key, BudgetWindow window, CancellationToken cancellationToken) =>
        database.RunAsync(
            async connection =>
            {
                var parameters = Parameters(key, window);
                var command = Command(ReportedUntil, parameters, cancellationToken);
                parameters.Add("storedBefore", await connection.QuerySingleAsync<DateTime>(command));
                var reconcile = BudgetLogQueries.For(key).Reconcile;
                await connection.ExecuteAsync(Command(reconcile, parameters, cancellationToken));
            },
            cancellationToken
        );

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
            var create = BudgetLogQueries.For(renewal.Key).Create;
            await connection.ExecuteAsync(Command(create, parameters, cancellationToken));
            (budget, others) = await LockAsync(connection, parameters, cancellationToken);
        }

        parameters.Add("id", budget!.Id);
        var grant = renewal.Grant(budget.Spent + others.Spent, budget.Spent + others.Allowance, budget.IsShort);
        parameters.Add("version", renewal.Version);
        parameters.Add("allowance", grant.Allowance);
        parameters.Add("spent", renewal.Spent);
        parameters.Add("held", renewal.Held);
        var sql = renewal.IsNew ? InsertLease : UpdateLease;
        var stored = await connection.ExecuteAsync(Command(sql, parameters, cancellationToken));
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
        parameters.Add("owner", BudgetLogQueries.GetOwner(key));
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
