using System.Text;
using System.Text.Json;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Idempotency;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;

namespace CogniForge.ServiceDefaults.Tests.Postgres;

/// <summary>On generated histories, the Postgres stores return the same results as the in-memory ones.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class StoreEquivalenceTests(RealServers servers)
{
    private static readonly DateTimeOffset _start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Keys_AnyHistory_ReturnSameResults(int seed)
    {
        await using var database = await servers.NewTablesAsync();
        IApiKeyStore[] stores =
        [
            new InMemoryApiKeyStore(new()),
            new PostgresApiKeyStore(new(database, TimeProvider.System)),
        ];
        var random = new Random(seed);
        var (now, ids, hashes) = (
            _start,
            new List<Guid> { Guid.CreateVersion7(_start) },
            new List<byte[]> { ApiKey.Hash("unknown") }
        );
        for (var step = 0; step < 200; step++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(1, 5_000));
            switch (random.Next(9))
            {
                case 0 or 7:
                    var key = new ApiKey(
                        Guid.CreateVersion7(now),
                        Name(random),
                        [.. Scopes.All.Where(_ => random.Next(3) == 0).Prepend(Scopes.LlmInvoke)],
                        now,
                        random.Next(2) == 0
                            ? null
                            : now + TimeSpan.FromMicroseconds(random.NextInt64(1_000_000_000_000)),
                        null
                    )
                    {
                        Limits =
                            random.Next(2) == 0
                                ? null
                                : JsonSerializer.SerializeToElement(new { most = random.Next(100) }),
                        AllowedAddresses = random.Next(2) == 0 ? null : ["2001:db8::/32", "192.0.2.7/32"],
                        Metadata = random.Next(2) == 0 ? null : new Dictionary<string, string> { ["team"] = "red" },
                    };
                    hashes.Add(ApiKey.Hash($"{seed}-{step}"));
                    ids.Add(key.Id);
                    await SameAsync(async s =>
                    {
                        await s.AddAsync(key, hashes[^1], Audited.Request, default);
                        return true;
                    });
                    break;
                case 1:
                    var hash = hashes[random.Next(hashes.Count)];
                    await SameAsync(async s => (await s.FindAsync([hash], default)).Values);
                    await SameAsync(async s => (await s.FindAsync(hashes, default)).OrderBy(f => f.Key));
                    break;
                case 2:
                    var id = ids[random.Next(ids.Count)];
                    await SameAsync(s => s.ChangeAsync(id, k => k with { RevokedAt = now }, Audited.Request, default));
                    break;
                case 3:
                    hashes.Add(ApiKey.Hash($"{seed}-{step}"));
                    DateTimeOffset? until = random.Next(2) == 0 ? null : now + TimeSpan.FromSeconds(random.Next(100));
                    await SameAsync(s => s.RotateAsync(ids[^1], hashes[^1], until, Audited.Request, default));
                    break;
                case 4:
                    var (changed, at) = (
                        ids[random.Next(ids.Count)],
                        random.Next(2) == 0 ? (DateTimeOffset?)null : now
                    );
                    await SameAsync(s =>
                        s.ChangeAsync(changed, k => k with { DisabledAt = at }, Audited.Request, default)
                    );
                    break;
                case 5:
                    var (limited, limits) = (
                        ids[random.Next(ids.Count)],
                        JsonSerializer.SerializeToElement(new { most = random.Next(100) })
                    );
                    await SameAsync(s =>
                        s.ChangeAsync(limited, k => k with { Limits = limits }, Audited.Request, default)
                    );
                    await SameAsync(s => s.GetAsync(limited, default));
                    break;
                case 6:
                    var (named, name, sets) = (
                        ids[random.Next(ids.Count)],
                        random.Next(2) == 0 ? null : Name(random),
                        random.Next(2) == 0
                    );
                    DateTimeOffset? expires =
                        random.Next(2) == 0 ? null : now + TimeSpan.FromSeconds(random.Next(1, 100));
                    await SameAsync(s =>
                        s.ChangeAsync(
                            named,
                            k =>
                                k with
                                {
                                    Name = name ?? k.Name,
                                    ExpiresAt = sets ? expires : k.ExpiresAt,
                                    AllowedAddresses = sets ? ["192.0.2.0/24"] : k.AllowedAddresses,
                                    Metadata = sets
                                        ? new Dictionary<string, string> { ["te\"am"] = "\u00e9" }
                                        : k.Metadata,
                                },
                            Audited.Request,
                            default
                        )
                    );
                    await SameAsync(async s => (await s.NamesAsync(ids, default)).OrderBy(n => n.Key));
                    break;
                default:
                    var (cursor, limit) = (
                        random.Next(3) == 0 ? default : Cursor.After(ids[random.Next(ids.Count)]),
                        random.Next(1, 20)
                    );
                    await SameAsync(s => s.ListAsync(cursor, limit, default));
                    break;
            }
        }

        Task SameAsync<T>(Func<IApiKeyStore, Task<T>> ask) => SameResponseAsync(stores, ask);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Idempotency_AnyHistory_ReturnsSameResults(int seed)
    {
        await using var database = await servers.NewTablesAsync();
        IIdempotencyStore[] stores =
        [
            new InMemoryIdempotencyStore(),
            new PostgresIdempotencyStore(new(database, TimeProvider.System)),
        ];
        var random = new Random(seed);
        var (now, begun) = (_start, new List<(IdempotencySlot Slot, DateTimeOffset At)>());
        for (var step = 0; step < 400; step++)
        {
            // From milliseconds to days, including the limits of lease and retention.
            now += random.Next(20) switch
            {
                0 => TimeSpan.FromHours(random.Next(1, 30)),
                1 => IIdempotencyStore.Lease,
                2 => IIdempotencyStore.Retention,
                _ => TimeSpan.FromMilliseconds(random.Next(1, 20_000)),
            };
            switch (random.Next(10))
            {
                case < 5:
                    var slot = new IdempotencySlot($"caller {random.Next(2)}", $"key {random.Next(3)}");
                    var fingerprint = new[] { (byte)random.Next(2) };
                    begun.Add((slot, now));
                    await SameAsync(async s => await s.BeginAsync(slot, fingerprint, now, default));
                    break;
                case < 9 when begun.Count > 0:
                    // One of the latest requests, with or without the key.
                    var (of, at) = begun[^random.Next(1, Math.Min(4, begun.Count) + 1)];
                    var response =
                        random.Next(3) == 0
                            ? null
                            : new IdempotentResponse(
                                201,
                                random.Next(2) == 0 ? null : "application/json",
                                random.Next(2) == 0 ? null : $"/things/{step}",
                                Encoding.UTF8.GetBytes(Name(random))
                            );
                    await SameAsync(async s =>
                    {
                        await s.EndAsync(of, at, response, default);
                        return true;
                    });
                    break;
                default:
                    await SameAsync(async s =>
                    {
                        await s.ForgetAsync(now, default);
                        return true;
                    });
                    break;
            }
        }

        Task SameAsync<T>(Func<IIdempotencyStore, Task<T>> ask) => SameResponseAsync(stores, ask);
    }

    [Fact]
    public async Task Idempotency_Concurrent_OneClaimsKey()
    {
        await using var database = await servers.NewTablesAsync();
        var store = new PostgresIdempotencyStore(new(database, TimeProvider.System));

        var states = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => store.BeginAsync(new("caller", "key"), [1], _start, default))
        );

        Assert.Single(states, s => s is IdempotencyState.New);
        Assert.Equal(19, states.Count(s => s is IdempotencyState.InProgress));
    }

    private static async Task SameResponseAsync<TStore, T>(TStore[] stores, Func<TStore, Task<T>> ask)
    {
        var responses = new List<string>();
        foreach (var store in stores)
        {
            var response = await ask(store);
            responses.Add($"{response?.GetType().Name}: {JsonSerializer.Serialize<object?>(response)}");
        }

        Assert.Equal(responses[0], responses[1]);
    }

    private static string Name(Random random) =>
        new([.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => "aZ9 _-'\"\\%ñ→"[random.Next(12)])]);
}
