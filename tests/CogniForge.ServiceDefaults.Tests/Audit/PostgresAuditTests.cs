using System.Text.Json;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Audit;

[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class PostgresAuditTests(RealServers servers)
{
    [Theory]
    [InlineData("UPDATE audit_entry SET actor_id = 'other'")]
    [InlineData("UPDATE audit_entry SET actor_id = 'other' WHERE false")]
    [InlineData("DELETE FROM audit_entry")]
    [InlineData("TRUNCATE audit_entry")]
    public async Task Table_ChangeOfEntries_IsRefused(string sql)
    {
        await using var source = await servers.NewTablesAsync();
        var audit = new PostgresAuditLog(new(source, TimeProvider.System));
        await audit.AddAsync(Audited.Request.ToEntry("keys/1"), default);
        await using var command = source.CreateCommand(sql);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal);
        Assert.Equal("root", Assert.Single((await audit.ListAsync(new(), default, 10, default)).Items).Actor.Id);
    }

    [Fact]
    public async Task Add_SameEntryTwice_IsStoredOnce()
    {
        await using var source = await servers.NewTablesAsync();
        var audit = new PostgresAuditLog(new(source, TimeProvider.System));
        var entry = Audited.Request.ToEntry("keys/1");

        await audit.AddAsync(entry, default);
        await audit.AddAsync(entry, default);

        Assert.Single((await audit.ListAsync(new(), default, 10, default)).Items);
    }

    [Fact]
    public async Task Change_AuditFails_ChangesNothing()
    {
        await using var source = await servers.NewTablesAsync();
        var store = new PostgresApiKeyStore(new(source, TimeProvider.System));
        var key = new ApiKey(Guid.CreateVersion7(), "k", ["llm:read"], TestTime.Start, null, null);
        await store.AddAsync(key, ApiKey.Hash("a"), Audited.Request, default);
        const string Break = "ALTER TABLE audit_entry ADD CHECK (action <> 'ChangeKey') NOT VALID";
        await using (var broken = source.CreateCommand(Break))
        {
            await broken.ExecuteNonQueryAsync();
        }

        await Assert.ThrowsAsync<PostgresException>(() =>
            store.ChangeAsync(key.Id, k => k with { Name = "new" }, Audited.Request, default)
        );
        await Assert.ThrowsAsync<PostgresException>(() =>
            store.AddAsync(key with { Id = Guid.CreateVersion7() }, ApiKey.Hash("b"), Audited.Request, default)
        );

        Assert.Equal("k", Assert.Single((await store.ListAsync(default, 10, default)).Items).Name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task List_AnyFilter_ReturnsSameAsInMemory(int seed)
    {
        await using var source = await servers.NewTablesAsync();
        IAuditLog[] logs = [new InMemoryAuditLog(), new PostgresAuditLog(new(source, TimeProvider.System))];
        var random = new Random(seed);
        for (var i = 0; i < 60; i++)
        {
            var entry = Audited
                .At(TestTime.Start.AddSeconds(random.Next(100)), Pick("CreateKey", "PutRoute")!)
                .ToEntry(Pick("keys/1", "routes/fast")!, i % 2 == 0 ? new { name = "ñ", i } : null, new { i });
            entry = entry with { Actor = new(Pick("root", "service")!, "n", Pick("192.0.2.1", null)) };
            foreach (var log in logs)
            {
                await log.AddAsync(entry, default);
            }
        }

        for (var i = 0; i < 60; i++)
        {
            var filter = new AuditFilter(
                Pick("root", null, null),
                Pick("CreateKey", null, null),
                Pick("keys/1", null, null),
                Pick("192.0.2.1", null, null),
                random.Next(2) == 0 ? null : TestTime.Start.AddSeconds(random.Next(100)),
                random.Next(2) == 0 ? null : TestTime.Start.AddSeconds(random.Next(100)).ToOffset(TimeSpan.FromHours(2))
            );
            var limit = random.Next(1, 10);
            Assert.Equal(await ReadAsync(logs[0], filter, limit), await ReadAsync(logs[1], filter, limit));
        }

        string? Pick(params string?[] values) => values[random.Next(values.Length)];
    }

    [Fact]
    public async Task List_LargeStates_PagesAreBounded()
    {
        await using var source = await servers.NewTablesAsync();
        var audit = new PostgresAuditLog(new(source, TimeProvider.System));
        var state = new { text = new string('x', 16_000) };
        for (var i = 0; i < 100; i++)
        {
            await audit.AddAsync(Audited.At(TestTime.Start.AddSeconds(i)).ToEntry("keys/1", state, state), default);
        }

        var (cursor, pages, items) = (default(Cursor), 0, 0);
        for (string? next = ""; next is not null; pages++)
        {
            var page = await audit.ListAsync(new(), cursor, 1_000, default);
            Assert.InRange(page.Items.Sum(e => e.Before.ToString()!.Length + e.After.ToString()!.Length), 1, 1 << 20);
            (items, next) = (items + page.Items.Count, page.Next);
            Assert.True(Cursor.TryParse(next, out cursor));
        }

        Assert.Equal((100, 4), (items, pages));
    }

    private static async Task<string> ReadAsync(IAuditLog log, AuditFilter filter, int limit)
    {
        var (pages, cursor) = (new List<string>(), default(Cursor));
        while (true)
        {
            var page = await log.ListAsync(filter, cursor, limit, default);
            pages.AddRange(
                page.Items.Select(e =>
                    $"{e with { Before = null, After = null }} {Sorted(e.Before)} {Sorted(e.After)}"
                )
            );
            if (page.Next is null)
            {
                return string.Join('\n', pages);
            }

            Assert.True(Cursor.TryParse(page.Next, out cursor));
        }
    }

    // The type jsonb has its own order and whitespace.
    private static string Sorted(JsonElement? state) =>
        state is { } s
            ? string.Join(',', s.EnumerateObject().OrderBy(p => p.Name).Select(p => $"{p.Name}={p.Value}"))
            : "";
}
