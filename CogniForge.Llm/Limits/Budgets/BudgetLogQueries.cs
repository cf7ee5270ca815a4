using CogniForge.Llm.Limits.Projects;

namespace CogniForge.Llm.Limits.Budgets;

/// <summary>The queries that compare budgets with the request log, whose column <c>@owner</c> is in.</summary>
internal sealed class BudgetLogQueries
{
    public const string IsBudget = "key = @key AND period = @period AND starts_at = @start";

    // A dead replica's open requests may have cost what they held. If it was only cut off, its renewal corrects that.
    public const string Leases = """
        SELECT id, budget_id,
            CASE WHEN expires_at < statement_timestamp() THEN spent + held ELSE allowance END AS allowance,
            CASE WHEN expires_at < statement_timestamp() THEN spent + held ELSE spent END AS spent,
            CASE WHEN expires_at < statement_timestamp() THEN 0 ELSE held END AS held
        FROM budget_lease
        """;

    private static readonly BudgetLogQueries _ofKeys = new("caller");
    private static readonly BudgetLogQueries _ofProjects = new("project");

    private BudgetLogQueries(string column)
    {
        // Windows start and end at midnight UTC. A record is either itself in the log or in the sum of its day.
        Sum = $"""
            SELECT ceil(coalesce(sum(cost), 0) * 1000000000)::bigint AS spent FROM (
                SELECT cost FROM completion
                WHERE {column} = @owner AND occurred_at >= @start AND occurred_at < @end AND stored_at < @storedBefore
                UNION ALL
                SELECT cost FROM completion_day
                WHERE {column} = @owner
                    AND day >= (@start AT TIME ZONE 'UTC')::date AND day < (@end AT TIME ZONE 'UTC')::date
            ) AS log
            """;
        Create = $"""
            DELETE FROM budget WHERE key = @key AND ends_at < clock_timestamp() - interval '1 day';

            INSERT INTO budget (key, period, starts_at, ends_at, spent)
            SELECT @key, @period, @start, @end, spent FROM ({Sum}) AS sum
            ON CONFLICT DO NOTHING
            """;
        Reconcile = $"""
            UPDATE budget SET spent = greatest(spent, (SELECT spent FROM ({Sum}) AS sum)
                - (SELECT coalesce(sum(l.spent), 0) FROM ({Leases}) AS l WHERE l.budget_id = budget.id)::bigint)
            WHERE {IsBudget}
            """;
    }

    public string Sum { get; }

    public string Create { get; }

    public string Reconcile { get; }

    /// <param name="key">What the budget is kept under.</param>
    public static BudgetLogQueries For(string key) => Project.ParseLimitKey(key) is null ? _ofKeys : _ofProjects;

    /// <summary>The API key or project, as the log has it.</summary>
    public static string GetOwner(string key) => Project.ParseLimitKey(key) ?? key;
}
