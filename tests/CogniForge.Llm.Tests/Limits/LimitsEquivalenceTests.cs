using CogniForge.Llm.Limits;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>Limits in Redis give the same answers as the plain ones in memory, on generated histories.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class LimitsEquivalenceTests(RealServers servers)
{
    // Fixed, so that a seed is the same history on every day; in the future, for Redis forgets by its own clock what ended in the past.
    private static readonly DateTimeOffset _start = new(2100, 6, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Limits_AnyHistory_SameAnswers()
    {
        await using var gateway = await LimitedGateway.OnAsync(servers, await servers.NewDatabaseAsync(), lease: "0");
        var redis = gateway.Services.GetRequiredService<RedisLimiter>();
        var counts = gateway.Services.GetRequiredService<IBudgetCounts>();
        var settlements = gateway.Services.GetRequiredService<Settlements>();
        var results = new HashSet<ReservationStatus>();
        foreach (var seed in Enumerable.Range(1, 5))
        {
            var memory = new InMemoryLimiter(new NothingSpent());
            var random = new Random(seed);
            var key = Guid.CreateVersion7().ToString();
            var (now, limits, open) = (_start, AnyLimits(random), new List<Reservation>());
            for (var step = 0; step < 400; step++)
            {
                now += TimeSpan.FromMilliseconds(random.Next(20) == 0 ? random.Next(100_000_000) : random.Next(3_000));
                if (random.Next(50) == 0)
                {
                    limits = AnyLimits(random);
                }

                if (random.Next(3) > 0 || open.Count == 0)
                {
                    var reservation = AnyClaim(random, key, limits, now);
                    var (plain, real) = (
                        await memory.ReserveAsync(reservation, default),
                        await redis.ReserveAsync(reservation, default)
                    );
                    Assert.True(plain == real, $"seed {seed}, step {step}: {plain} in memory, {real} in Redis");
                    results.Add(plain.Status);
                    if (plain.Status == ReservationStatus.Granted)
                    {
                        open.Add(reservation);
                    }
                }
                else
                {
                    var reservation = open[random.Next(open.Count)];
                    open.Remove(reservation);
                    var (cost, tokens) = (
                        random.NextInt64(reservation.MaxCost.ForOutputTokens(reservation.MaxOutputTokens) + 10),
                        random.Next(2 * reservation.Tokens + 1)
                    );
                    memory.Commit(reservation, cost, tokens);
                    redis.Commit(reservation, cost, tokens);
                    await settlements.FlushAsync(); // settling goes on aside
                }

                if (limits.Budget is { } budget)
                {
                    var window = BudgetWindow.At(budget.Period, now);
                    Assert.Equal(await memory.CountAsync(key, window), await counts.CountAsync(key, window));
                }
            }
        }

        Assert.Equal(
            [
                ReservationStatus.Granted,
                ReservationStatus.RequestRate,
                ReservationStatus.TokenRate,
                ReservationStatus.BudgetExceeded,
                ReservationStatus.BudgetHeld,
            ],
            results.Order()
        );
    }

    private static KeyLimits AnyLimits(Random random) =>
        new()
        {
            RequestsPerMinute = random.Next(2) == 0 ? null : random.Next(1, 60),
            TokensPerMinute = random.Next(2) == 0 ? null : random.Next(1, 5_000),
            Budget =
                random.Next(4) == 0
                    ? null
                    : new() { Amount = random.Next(100) / 10_000m, Period = (BudgetPeriod)random.Next(4) },
        };

    private static Reservation AnyClaim(Random random, string key, KeyLimits limits, DateTimeOffset now)
    {
        var wanted = random.Next(100);
        return new()
        {
            Id = Guid.CreateVersion7(),
            Key = key,
            Limits = limits,
            At = now,
            Expires = now.AddYears(1),
            Tokens = random.Next(300),
            MaxCost = new(random.Next(100_000), random.Next(3) == 0 ? 0 : random.Next(10_000)),
            MaxOutputTokens = wanted,
            MinOutputTokens = random.Next(wanted + 1),
        };
    }
}
