using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Tests.Resilience;

public class RetryPolicyTests
{
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(10);

    /// <summary>The decision after the first failure, with and without another target.</summary>
    [Theory]
    [InlineData("InvalidRequest", "GiveUp", "GiveUp")]
    [InlineData("ContentFilter", "GiveUp", "GiveUp")]
    [InlineData("ContextLength", "Fallback", "Fallback")]
    [InlineData("Authentication", "Fallback", "Fallback")]
    [InlineData("Billing", "Fallback", "Fallback")]
    [InlineData("CircuitOpen", "Fallback", "Fallback")]
    [InlineData("Timeout", "Fallback", "Fallback")]
    [InlineData("RateLimited", "Fallback", "Retry")]
    [InlineData("Overloaded", "Retry", "Retry")]
    [InlineData("ServerError", "Retry", "Retry")]
    [InlineData("Network", "Retry", "Retry")]
    [InlineData("InvalidResponse", "Retry", "Retry")]
    public void Decide_FirstFailure_DependsOnCategory(string category, string withAnother, string alone)
    {
        var error = new ProviderError(Enum.Parse<ErrorCategory>(category), "");
        Assert.Equal(
            (withAnother, alone),
            (Decide(error, hasOther: true).GetType().Name, Decide(error).GetType().Name)
        );
    }

    /// <summary>The target would be paid for another response of the same size.</summary>
    [Fact]
    public void Decide_ResponseTooLarge_FallsBack() =>
        Assert.IsType<RetryDecision.Fallback>(Decide(HttpProviderErrors.TooLarge(1 << 20).Error));

    [Theory]
    [InlineData("ServerError")]
    [InlineData("RateLimited")]
    [InlineData("Timeout")]
    [InlineData("ContextLength")]
    public void Decide_StreamHasBegun_GivesUp(string category) =>
        Assert.IsType<RetryDecision.GiveUp>(
            Decide(new(Enum.Parse<ErrorCategory>(category), ""), hasOther: true, hasBegun: true)
        );

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 3)]
    public void Decide_MaxAttempts_FallsBack(bool hasOther, int maxAttempts)
    {
        var error = new ProviderError(ErrorCategory.ServerError, "");
        Assert.IsType<RetryDecision.Retry>(Decide(error, maxAttempts - 1, hasOther));
        Assert.IsType<RetryDecision.Fallback>(Decide(error, maxAttempts, hasOther));
    }

    [Theory]
    [InlineData(1, 0.0, 150)]
    [InlineData(1, 1.0, 300)]
    [InlineData(2, 0.0, 300)]
    [InlineData(2, 1.0, 600)]
    public void Decide_Delay_GrowsWithJitter(int attempts, double jitter, int milliseconds) =>
        Assert.Equal(
            new RetryDecision.Retry(TimeSpan.FromMilliseconds(milliseconds)),
            Decide(new(ErrorCategory.ServerError, ""), attempts, jitter: jitter)
        );

    [Theory]
    [InlineData(2, 0.0)]
    [InlineData(2, 1.0)]
    [InlineData(10, 0.5)]
    public void Decide_RetryAfter_IsMinimumDelay(int seconds, double jitter)
    {
        var retry = Assert.IsType<RetryDecision.Retry>(
            Decide(new(ErrorCategory.RateLimited, "", RetryAfter: TimeSpan.FromSeconds(seconds)), jitter: jitter)
        );
        Assert.InRange(retry.Delay.TotalSeconds, seconds, seconds + 0.1);
    }

    [Fact]
    public void Decide_RetryAfterTooLong_FallsBack() =>
        Assert.IsType<RetryDecision.Fallback>(
            Decide(new(ErrorCategory.RateLimited, "", RetryAfter: TimeSpan.FromSeconds(10.1)))
        );

    [Fact]
    public void Decide_RemainingTime_IsMaximumDelay()
    {
        var error = new ProviderError(ErrorCategory.Overloaded, "", RetryAfter: TimeSpan.FromSeconds(5));
        Assert.IsType<RetryDecision.Retry>(RetryPolicy.Decide(error, false, 1, false, TimeSpan.FromSeconds(6), 0));
        Assert.IsType<RetryDecision.Fallback>(RetryPolicy.Decide(error, false, 1, false, TimeSpan.FromSeconds(5), 0));
    }

    [Fact]
    public void Budget_Outage_AllowsOneRetryPerFiveRequests()
    {
        var budget = new RetryBudget();
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => budget.TryTake())); // the initial capacity
        var retries = 0;
        for (var request = 0; request < 100; request++)
        {
            budget.Earn();
            retries += budget.TryTake() ? 1 : 0;
        }

        Assert.Equal(20, retries);
    }

    [Fact]
    public void Budget_ManySuccesses_SavesAtMostTen()
    {
        var budget = new RetryBudget();
        for (var request = 0; request < 1_000; request++)
        {
            budget.Earn();
        }

        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => budget.TryTake()));
    }

    [Fact]
    public void Budget_Concurrent_StaysWithinCapacity()
    {
        var budget = new RetryBudget();
        var taken = 0;
        Parallel.For(
            0,
            1_000,
            _ =>
            {
                if (budget.TryTake())
                {
                    Interlocked.Increment(ref taken);
                }
            }
        );
        Assert.InRange(taken, 1, 10); // two concurrent calls may both be rejected
    }

    private static RetryDecision Decide(
        ProviderError error,
        int attempts = 1,
        bool hasOther = false,
        double jitter = 0.5,
        bool hasBegun = false
    ) => RetryPolicy.Decide(error, hasBegun, attempts, hasOther, _long, jitter);
}
