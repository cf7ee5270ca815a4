using System.Net;
using Aspire.Hosting.Testing;
using Dapper;
using Npgsql;

namespace CogniForge.EndToEnd.Tests;

/// <summary>Counts the rows in every table of every service.</summary>
internal static class StoredRows
{
    // Rows in transit, and rows that follow from a row of "model" or, for a sample of them, of "inference".
    private static readonly string[] _passing = ["servingdb.outbox", "analyticsdb.promotion", "servingdb.prediction"];

    /// <summary>
    /// Counts after all earlier requests have arrived: sends a chat, an inference and an event, and waits for them.
    /// </summary>
    /// <param name="system">The system.</param>
    /// <param name="model">A registered model.</param>
    public static async Task<SortedDictionary<string, long>> CountAsync(RunningSystem system, string model)
    {
        using var llm = system.Client("llm");
        using var serving = system.Client("serving");
        using var analytics = system.Client("analytics");
        await using var analyticsdb = await OpenAsync(system, "analyticsdb");

        using var chat = await llm.PostAsync("/v1/chat/completions", Samples.Chat());
        Assert.Equal(HttpStatusCode.OK, chat.StatusCode);
        var completion = Guid.Parse(chat.Headers.GetValues("x-request-id").Single());
        var inferences = await analyticsdb.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM inference WHERE model = @model",
            new { model }
        );
        using var inference = await serving.PostAsync($"/v2/models/{model}/infer", Samples.Rows());
        Assert.Equal(HttpStatusCode.OK, inference.StatusCode);
        var messageId = $"{completion}";
        using var tracked = await analytics.PostAsync("/api/v1/events", Samples.Event("fence", messageId));
        Assert.Equal(HttpStatusCode.Accepted, tracked.StatusCode);

        await Until.GetAsync(
            () =>
                analyticsdb.ExecuteScalarAsync<long>(
                    "SELECT count(*) FROM completion WHERE id = @completion",
                    new { completion }
                ),
            n => n == 1
        );
        await Until.GetAsync(
            () =>
                analyticsdb.ExecuteScalarAsync<long>(
                    "SELECT count(*) FROM inference WHERE model = @model",
                    new { model }
                ),
            n => n > inferences
        );
        await Until.GetAsync(
            () =>
                analyticsdb.ExecuteScalarAsync<long>(
                    "SELECT count(*) FROM user_event WHERE message_id = @messageId",
                    new { messageId }
                ),
            n => n == 1
        );

        var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var name in new[] { "llmdb", "servingdb", "analyticsdb", "webdb" })
        {
            await using var database = await OpenAsync(system, name);
            foreach (
                var table in await database.QueryAsync<string>(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                )
            )
            {
                rows[$"{name}.{table}"] = await database.ExecuteScalarAsync<long>($"SELECT count(*) FROM {table}");
            }
        }

        return rows;
    }

    /// <summary>
    /// Asserts that since the first count only the second count's own chat, inference and event were stored.
    /// </summary>
    public static void AssertNothingNew(SortedDictionary<string, long> before, SortedDictionary<string, long> after)
    {
        string[] own =
        [
            "llmdb.completion",
            "analyticsdb.completion",
            "servingdb.inference",
            "analyticsdb.inference",
            "analyticsdb.user_event",
        ];
        Assert.Equal(
            before
                .Where(r => !_passing.Contains(r.Key))
                .Select(r => $"{r.Key}: {r.Value + (own.Contains(r.Key) ? 1 : 0)}"),
            after.Where(r => !_passing.Contains(r.Key)).Select(r => $"{r.Key}: {r.Value}")
        );
    }

    private static async Task<NpgsqlConnection> OpenAsync(RunningSystem system, string database)
    {
        var connection = new NpgsqlConnection(await system.App.GetConnectionStringAsync(database));
        await connection.OpenAsync();
        return connection;
    }
}
