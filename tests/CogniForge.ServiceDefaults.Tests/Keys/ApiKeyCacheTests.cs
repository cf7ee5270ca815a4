using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Keys;

/// <summary>Cached API keys during an outage of the database.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class ApiKeyCacheTests(RealServers servers) : IAsyncLifetime, IDisposable
{
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private TcpProxy _proxy = null!;
    private NpgsqlDataSource _database = null!;
    private PostgresApiKeyStore _store = null!;
    private ApiKeyCache _keys = null!;

    public async Task InitializeAsync()
    {
        var target = new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync());
        await using (var direct = NpgsqlDataSource.Create(target))
        {
            await Migrations.ApplyAsync(direct, typeof(Migrations).Assembly, default);
        }

        _proxy = new(target.Host!, target.Port);
        (target.Host, target.Port) = ("127.0.0.1", _proxy.Port);
        _database = NpgsqlDataSource.Create(target);
        _store = new(new(_database, _clock));
        _keys = new(_store, _clock, NullLogger<ApiKeyCache>.Instance);
    }

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
    }

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task Find_DatabaseUnavailable_AcceptsCachedKeyForOneHour()
    {
        var secret = await AddAsync();
        Assert.True(await IsAcceptedAsync(secret));
        _proxy.Unplug();

        _clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        Assert.True(await IsAcceptedAsync(secret));

        _clock.Advance(TimeSpan.FromSeconds(1));
        await ThrowsOutageAsync(secret);
    }

    [Fact]
    public async Task Find_DatabaseUnavailable_RefusesExpiredKey()
    {
        var secret = await AddAsync(expiresIn: TimeSpan.FromMinutes(10));
        Assert.True(await IsAcceptedAsync(secret));
        _proxy.Unplug();

        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.True(await IsAcceptedAsync(secret));

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(await IsAcceptedAsync(secret));
    }

    [Fact]
    public async Task Find_DatabaseUnavailable_ThrowsForRefusedKey()
    {
        var secret = ApiKey.NewSecret();
        Assert.False(await IsAcceptedAsync(secret));
        _clock.Advance(TimeSpan.FromSeconds(2));

        _proxy.Unplug();

        await ThrowsOutageAsync(secret);
    }

    [Fact]
    public async Task Find_DatabaseAvailableAgain_SeesChangesWithinOneSecond()
    {
        var (kept, added) = (await AddAsync(), ApiKey.NewSecret());
        Assert.True(await IsAcceptedAsync(kept));
        _clock.Advance(TimeSpan.FromSeconds(2));
        _proxy.Unplug();
        Assert.True(await IsAcceptedAsync(kept));
        await ThrowsOutageAsync(added);

        _proxy.Plug();
        await AddAsync(added);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await IsAcceptedAsync(added));
    }

    /// <summary>A busy database that did not respond in time for one key is asked for another all the same.</summary>
    [Fact]
    public async Task Find_NewKeyAfterFailureOfAnother_IsLookedUpAtOnce()
    {
        var (known, added) = (await AddAsync(), ApiKey.NewSecret());
        Assert.True(await IsAcceptedAsync(known));
        _clock.Advance(TimeSpan.FromSeconds(2));
        _proxy.Unplug();
        Assert.True(await IsAcceptedAsync(known));

        _proxy.Plug();
        await AddAsync(added);

        Assert.True(await IsAcceptedAsync(added));
    }

    [Fact]
    public async Task Find_Concurrent_SharesOneQuery()
    {
        var secret = await AddAsync();
        var before = _proxy.Connections;
        _proxy.Stall();
        var many = Enumerable.Range(0, 20).Select(_ => IsAcceptedAsync(secret)).ToArray();

        _proxy.Resume();

        Assert.All(await Task.WhenAll(many), Assert.True);
        Assert.Equal(before, _proxy.Connections);
    }

    /// <summary>
    /// Many clients of one network look up made-up keys without a pause, and valid keys of another get their turn.
    /// </summary>
    [Fact]
    public async Task Find_FloodOfMadeUpKeys_AcceptsValidKeys()
    {
        using var keys = new ApiKeyCache(_store, TimeProvider.System, NullLogger<ApiKeyCache>.Instance);
        var secrets = new List<string>();
        for (var i = 0; i < 50; i++)
        {
            secrets.Add(await AddAsync());
        }

        var isOver = false;
        var flood = Enumerable.Range(0, 5_000).Select(SendAsync).ToList();
        foreach (var secret in secrets)
        {
            Assert.NotNull(await keys.FindAsync(ApiKey.Hash(secret), "192.0.2.2", default));
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(flood);

        async Task SendAsync(int client)
        {
            for (var i = 0; !Volatile.Read(ref isOver); i++)
            {
                Assert.Null(await keys.FindAsync(ApiKey.Hash($"cf_made-up-{client}-{i}"), "192.0.2.1", default));
            }
        }
    }

    private async Task ThrowsOutageAsync(string secret) =>
        Assert.True(TransientFaults.IsOutage(await Assert.ThrowsAnyAsync<Exception>(() => IsAcceptedAsync(secret))));

    private async Task<bool> IsAcceptedAsync(string secret) =>
        await _keys.FindAsync(ApiKey.Hash(secret), null, default) is not null;

    private async Task<string> AddAsync(string? secret = null, TimeSpan? expiresIn = null)
    {
        secret ??= ApiKey.NewSecret();
        var now = _clock.GetUtcNow();
        await _store.AddAsync(
            new ApiKey(Guid.CreateVersion7(now), "test", ["llm:read"], now, now + expiresIn, null),
            ApiKey.Hash(secret),
            Audited.Request,
            default
        );
        return secret;
    }
}
