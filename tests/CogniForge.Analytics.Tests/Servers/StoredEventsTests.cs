using CogniForge.Serving.Tests.Servers;
using Npgsql;

namespace CogniForge.Analytics.Tests.Servers;

/// <summary>Events in a real Postgres.</summary>
[Trait("Category", "Servers")]
public sealed class StoredEventsTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    [Fact]
    public async Task Post_SameMessageIdOfTwoKeys_StoresBoth()
    {
        var database = (await postgres.NewDatabaseAsync()).ConnectionString;
        await using var service = new AnalyticsService(("ConnectionStrings:analyticsdb", database));
        await Until.EqualAsync(200, GetHealthAsync); // the migrations are applied
        using var a = service.NewClient(await service.CreateKeyAsync("analytics", "analytics:write"));
        using var b = service.NewClient(await service.CreateKeyAsync("analytics", "analytics:write"));
        foreach (var (client, name) in new[] { (a, "paid"), (a, "paid"), (b, "stolen"), (b, "last") })
        {
            using var sent = await client.PostAsync(
                "/api/v1/events",
                $$"""{"event":"{{name}}","userId":"u","messageId":"{{(name == "last" ? "2" : "1")}}"}"""
            );
            await sent.ReadAsync(202);
        }

        foreach (var name in new[] { "paid", "stolen", "last" })
        {
            await Until.EqualAsync(1, () => service.CountAsync(name));
        }

        Assert.Equal(3, await service.CountAsync());

        async Task<int> GetHealthAsync()
        {
            using var response = await service.Client.GetAsync("/health");
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task Migrate_EventsOfEarlierRelease_AreKept()
    {
        await using var database = NpgsqlDataSource.Create((await postgres.NewDatabaseAsync()).ConnectionString);
        await ApplyAsync("0001_events_and_activity.sql");
        await using var insert = database.CreateCommand(
            "INSERT INTO user_event (message_id, event, occurred_at, received_at) VALUES ('1', 'old', now(), now())"
        );
        await insert.ExecuteNonQueryAsync();

        await ApplyAsync("0002_event_source.sql");

        await using var select = database.CreateCommand("SELECT source || '/' || message_id FROM user_event");
        Assert.Equal("/1", await select.ExecuteScalarAsync());

        async Task ApplyAsync(string file)
        {
            var path = Path.Combine(Repository.Root, "CogniForge.Analytics", "Migrations", file);
            await using var command = database.CreateCommand(await File.ReadAllTextAsync(path));
            await command.ExecuteNonQueryAsync();
        }
    }
}
