using CogniForge.Llm.Limits;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Limits.Rates;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>
/// Limits in Postgres and Redis give the same results as those in memory and as a plain model, on generated histories.
/// </summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class LimitsEquivalenceTests(RealServers servers)
{
    // Fixed, so that a seed gives the same history every day; in the future, as the servers delete what ended in the
    // past.
    private static readonly DateTimeOffset _start = new(2100, 6, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Limits_AnyHistory_HaveSameResults()
    {
        await using var gateway = await LimitedGateway.OnAsync(servers, await servers.NewDatabaseAsync(), lease: "0");
        var limiter = gateway.Services.GetRequiredService<Limiter>();
        var budgets = gateway.Services.GetRequiredService<BudgetLimiter>();
        var rates = gateway.Services.GetRequiredService<RateLimiter>();
        var results = new HashSet<ReservationStatus>();
        foreach (var seed in Enumerable.Range(1, 5))
        {
            var memoryBudgets = new BudgetLimiter(new InMemoryBudgetStore(), new() { Lease = 0 }, TimeProvider.System);
            var memory = new Limiter(memoryBudgets, new RateLimiter());
            var model = new Dictionary<BudgetWindow, (long Spent, long Held)>();
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
                        await limiter.ReserveAsync(reservation, default)
                    );
                    Assert.True(plain == real, $"seed {seed}, step {step}: {plain} in memory, {real} on servers");
                    AssertModel(model, reservation, real);
                    results.Add(plain.Status);
                    if (plain.Status == ReservationStatus.Granted)
                    {
                        open.Add(reservation with { MaxOutputTokens = real.OutputTokens });
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
                    limiter.Commit(reservation, cost, tokens);
                    await rates.FlushAsync();
                    if (reservation.Limits.Budget is { } used)
                    {
                        var (spent, held) = model[BudgetWindow.At(used.Period, reservation.At)];
                        model[BudgetWindow.At(used.Period, reservation.At)] = (
                            spent + cost,
                            held - reservation.MaxCost.ForOutputTokens(reservation.MaxOutputTokens)
                        );
                    }
                }

                if (limits.Budget is { } budget)
                {
                    var window = BudgetWindow.At(budget.Period, now);
                    var usage = await budgets.ReadAsync(key, window, default);
                    Assert.Equal(usage, await memoryBudgets.ReadAsync(key, window, default));
                    var (spent, held) = model.GetValueOrDefault(window);
                    Assert.Equal(new(spent, held), usage);
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

    /// <summary>Holds a result to the budget's rule: all that is spent and held stays within the amount.</summary>
    private static void AssertModel(
        Dictionary<BudgetWindow, (long Spent, long Held)> model,
        Reservation reservation,
        ReservationResult result
    )
    {
        if (reservation.Limits.Budget is not { } budget)
        {
            return;
        }

        var window = BudgetWindow.At(budget.Period, reservation.At);
        var (spent, held) = model.GetValueOrDefault(window);
        var amount = NanoUsd.FromUsd(budget.Amount);
        var min = reservation.MaxCost.ForOutputTokens(reservation.MinOutputTokens);
        if (amount - spent - held < min)
        {
            var refusal = amount - spent < min ? ReservationStatus.BudgetExceeded : ReservationStatus.BudgetHeld;
            Assert.Equal(refusal, result.Status);
        }
        else if (result.Status == ReservationStatus.Granted)
        {
            held += reservation.MaxCost.ForOutputTokens(result.OutputTokens);
        }
        else
        {
            Assert.Contains(result.Status, new[] { ReservationStatus.RequestRate, ReservationStatus.TokenRate });
        }

        model[window] = (spent, held);
        Assert.Equal(Math.Max(0, amount - spent - held), result.BudgetRemaining);
        Assert.True(result.Status != ReservationStatus.Granted || spent + held <= amount);
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
            Owner = LimitOwner.ForKey(key, limits),
            At = now,
            Tokens = random.Next(300),
            MaxCost = new(random.Next(100_000), random.Next(3) == 0 ? 0 : random.Next(10_000)),
            MaxOutputTokens = wanted,
            MinOutputTokens = random.Next(wanted + 1),
        };
    }
}
