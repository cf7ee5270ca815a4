using CogniForge.ServiceDefaults.Postgres;
using Dapper;

namespace CogniForge.Llm.Limits;

internal sealed class PostgresSpendStore(Database database) : ISpendStore
{
    private const string OfRecords =
        "SELECT coalesce(sum(cost), 0) FROM completion WHERE caller = @key AND occurred_at >= @start AND occurred_at < @end AND id <> ALL(@except)";

    // Windows begin and end with days.
    private const string OfDays =
        "SELECT coalesce(sum(cost), 0) FROM completion_day WHERE caller = @key AND day >= (@start AT TIME ZONE 'UTC')::date AND day < (@end AT TIME ZONE 'UTC')::date";

    // One statement, and so one state of the tables, for all. What is in the sum of a day cannot be left out any more.
    private const string Spend = $"""
        SELECT ({OfRecords}) + ({OfDays}) AS usd, ARRAY(
            SELECT id FROM completion
            WHERE caller = @key AND occurred_at >= @start AND occurred_at < @end AND id <> ALL(@except) AND stored_at > clock_timestamp() - interval '30 seconds'
            UNION ALL
            SELECT id FROM completion_summed WHERE id = ANY(@except)) AS recent
        """;

    public async Task<Spent> SpentAsync(
        string key,
        BudgetWindow window,
        IReadOnlyCollection<Guid> except,
        CancellationToken cancellationToken
    )
    {
        var row = await database.RunAsync(
            connection =>
                connection.QuerySingleAsync<Row>(
                    new CommandDefinition(
                        Spend,
                        new
                        {
                            key,
                            start = window.Start,
                            end = window.End,
                            except = except.ToArray(),
                        },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );
        return new(row.Usd, (Guid[])row.Recent);
    }

    public async Task<IReadOnlyDictionary<Guid, decimal?>> CostsAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.RunAsync(
            connection =>
                connection.QueryAsync<(Guid Id, decimal? Cost)>(
                    new CommandDefinition(
                        "SELECT id, cost FROM completion WHERE id = ANY(@ids)",
                        new { ids = ids.ToArray() },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );
        return rows.ToDictionary(r => r.Id, r => r.Cost);
    }

    // As Dapper sees the columns: an array of any type is an Array.
    private sealed record Row(decimal Usd, Array Recent);
}
