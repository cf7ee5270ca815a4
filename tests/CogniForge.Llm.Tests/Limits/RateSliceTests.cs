using CogniForge.Llm.Limits;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>
/// Slices that replicas take of large limits in advance never exceed the limit, and unused ones come back soon.
/// </summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class RateSliceTests(RealServers servers)
{
    private const int Requests = 2_000;

    [Fact]
    public async Task Rate_TwoReplicasOverLimit_GrantExactlyTheLimit()
    {
        await using var one = await OnAsync();
        await using var other = await OnAsync();
        var (key, now) = (Guid.CreateVersion7().ToString(), TimeProvider.System.GetUtcNow());
        var results = new List<ReservationResult>();
        for (var i = 0; i < 2 * Requests; i++)
        {
            results.Add(await Limits(i % 3 == 0 ? one : other).ReserveAsync(Rated(key, now), default));
        }

        // What one replica still holds is not available to the other until it is put back.
        Assert.InRange(
            results.Count(v => v.Status == ReservationStatus.Granted),
            Requests - (Requests / 100),
            Requests
        );
    }

    [Theory]
    [InlineData(Requests, null)]
    [InlineData(null, 100 * Requests)]
    [InlineData(Requests, 100 * Requests)]
    public async Task Rate_OneReplica_KnowsRemainingAndSeldomAsksRedis(int? requests, int? tokens)
    {
        await using var gateway = await OnAsync();
        var (key, now) = (Guid.CreateVersion7().ToString(), TimeProvider.System.GetUtcNow());
        var before = await ScriptsAsync();
        for (var i = 1; i <= Requests / 2; i++)
        {
            var reservation = Rated(key, now) with
            {
                Owner = LimitOwner.ForKey(key, new() { RequestsPerMinute = requests, TokensPerMinute = tokens }),
                Tokens = 100,
            };
            var result = await Limits(gateway).ReserveAsync(reservation, default);
            Assert.Equal(
                (ReservationStatus.Granted, requests - i, tokens - (100 * i)),
                (result.Status, result.Requests?.Remaining, result.Tokens?.Remaining)
            );
        }

        Assert.InRange(await ScriptsAsync() - before, 0, Requests / 2 / 10);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(200_000)]
    public async Task Rate_SequentialRequests_PayOnlyForUsedTokens(int tokens)
    {
        await using var gateway = await OnAsync();
        var (_, client) = await gateway.NewKeyAsync($$"""{"tokensPerMinute":{{tokens}}}""");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(
                200,
                await client.StatusAsync(
                    LimitedGateway.Hello.Replace(":4}", $":{tokens * 9 / 10}}}", StringComparison.Ordinal)
                )
            );
        }
    }

    [Fact]
    public async Task Rate_UnusedSlice_IsPutBackWhenExpired()
    {
        var time = new FakeTimeProvider(TestTime.Start);
        await using var gateway = await OnAsync(time);
        await using var other = await OnAsync(time);
        var key = Guid.CreateVersion7().ToString();
        Assert.Equal(
            Requests - 1,
            (await Limits(gateway).ReserveAsync(Rated(key, time.GetUtcNow()), default)).Requests!.Value.Remaining
        );

        time.Advance(TimeSpan.FromSeconds(1));
        await Until.EqualAsync(
            true,
            async () =>
                (await Limits(other).ReserveAsync(Rated(key, time.GetUtcNow()), default)).Requests!.Value.Remaining
                >= Requests - 20
        );
    }

    private async Task<LimitedGateway> OnAsync(TimeProvider? time = null) =>
        await LimitedGateway.OnAsync(servers, await servers.NewDatabaseAsync(), time);

    private static Limiter Limits(LimitedGateway gateway) => gateway.Services.GetRequiredService<Limiter>();

    private static Reservation Rated(string key, DateTimeOffset now) =>
        new()
        {
            Owner = LimitOwner.ForKey(key, new() { RequestsPerMinute = Requests }),
            At = now,
        };

    /// <summary>How many scripts Redis has run.</summary>
    private Task<long> ScriptsAsync() =>
        RedisAsync(async r =>
        {
            var statistics = (string?)await r.ExecuteAsync("INFO", "commandstats");
            return statistics!
                .Split('\n')
                .Where(l => l.StartsWith("cmdstat_eval", StringComparison.Ordinal))
                .Sum(l => long.Parse(l.Split('=', ',')[1], System.Globalization.CultureInfo.InvariantCulture));
        });

    private async Task<T> RedisAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis + ",allowAdmin=true");
        return await ask(redis.GetDatabase());
    }
}
