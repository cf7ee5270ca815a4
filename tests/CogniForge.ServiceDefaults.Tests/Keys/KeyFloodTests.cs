using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace CogniForge.ServiceDefaults.Tests.Keys;

/// <summary>Many made-up keys at once.</summary>
public sealed class KeyFloodTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private readonly InMemoryApiKeyStore _store = new(new());
    private readonly SlowKeyStore _slow;
    private readonly ApiKeyCache _keys;

    public KeyFloodTests()
    {
        _slow = new(_store, _clock, TimeSpan.FromMilliseconds(20));
        _keys = new(_slow, _clock, NullLogger<ApiKeyCache>.Instance);
    }

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task Find_3000MadeUpKeys_KeepsStoreAvailable()
    {
        var secret = await AddAsync();
        var flood = Enumerable.Range(0, 3_000).Select(i => FindAsync($"cf_made-up-{i}")).ToList();
        var valid = FindAsync(secret);
        _slow.Start();

        Assert.All(await Task.WhenAll(flood), Assert.False);
        Assert.True(await valid);
        Assert.InRange(_slow.Queries, 1, 20);
    }

    /// <summary>The queue of one network is full, and longer than the timeout of a look-up.</summary>
    [Fact]
    public async Task Find_FloodOfOtherNetwork_GetsItsTurn()
    {
        var secret = await AddAsync();
        var flood = Enumerable.Range(0, 12_000).Select(i => FindAsync($"cf_made-up-{i}", "192.0.2.1")).ToList();
        var valid = FindAsync(secret, "192.0.2.2");
        _slow.Start();

        Assert.True(await valid);
        await Assert.ThrowsAsync<OverloadedException>(() => Task.WhenAll(flood));
    }

    /// <summary>More made-up keys than are remembered.</summary>
    [Fact]
    public async Task Find_AfterFlood_CachesValidKey()
    {
        var store = new SlowKeyStore(_store, _clock, TimeSpan.Zero);
        store.Start();
        using var keys = new ApiKeyCache(store, _clock, NullLogger<ApiKeyCache>.Instance);
        var secret = await AddAsync();
        for (var i = 0; i < 105_000; i++)
        {
            Assert.False(await FindAsync(keys, $"cf_made-up-{i}"));
        }

        Assert.True(await FindAsync(keys, secret));
        var queries = store.Queries;
        Assert.True(await FindAsync(keys, secret));
        Assert.Equal(queries, store.Queries);
    }

    private async Task<string> AddAsync()
    {
        var (secret, now) = (ApiKey.NewSecret(), _clock.GetUtcNow());
        var key = new ApiKey(Guid.CreateVersion7(now), "test", ["llm:read"], now, null, null);
        await _store.AddAsync(key, ApiKey.Hash(secret), Audited.Request, default);
        return secret;
    }

    private Task<bool> FindAsync(string secret, string? network = null) => FindAsync(_keys, secret, network);

    private static async Task<bool> FindAsync(ApiKeyCache keys, string secret, string? network = null) =>
        await keys.FindAsync(ApiKey.Hash(secret), network, default) is not null;
}
