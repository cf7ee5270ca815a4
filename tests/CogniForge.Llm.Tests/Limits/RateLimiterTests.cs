using CogniForge.Llm.Limits;
using CogniForge.Llm.Limits.Rates;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>Rates that a replica keeps alone.</summary>
public class RateLimiterTests
{
    private static readonly RateLimits _hundred = new(TokensPerMinute: 100);

    [Theory]
    [InlineData(14, ReservationStatus.TokenRate)]
    [InlineData(15, ReservationStatus.Granted)]
    public async Task Acquire_DebtOfMinutes_IsPaidFirst(int minutes, object status)
    {
        var rates = new RateLimiter();
        var now = TestTime.Start;
        await rates.AcquireAsync("key", _hundred, new(1, 1_500), now); // more than the minute holds

        // Each second the service removes what is not used any more.
        await rates.MaintainAsync(now + TimeSpan.FromMinutes(minutes));
        var result = await rates.AcquireAsync("key", _hundred, new(1, 100), now + TimeSpan.FromMinutes(minutes));

        Assert.Equal(status, result.Status);
    }
}
