using CogniForge.ServiceDefaults.ApiKeys;
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
        var (secret, now) = (ApiKey.NewSecret(), _clock.GetUtcNow());
        var key = new ApiKey(Guid.CreateVersion7(now), "test", ["llm:read"], now, null, null);
        await _store.AddAsync(key, ApiKey.Hash(secret), Audited.Request, default);
        var flood = Enumerable.Range(0, 3_000).Select(i => FindAsync($"cf_made-up-{i}")).ToList();
        var valid = FindAsync(secret);
        _slow.Start();

        Assert.All(await Task.WhenAll(flood), Assert.False);
        Assert.True(await valid);
        Assert.InRange(_slow.Queries, 1, 20);
    }

    private async Task<bool> FindAsync(string secret) =>
        await _keys.FindAsync(ApiKey.Hash(secret), default) is not null;
}
