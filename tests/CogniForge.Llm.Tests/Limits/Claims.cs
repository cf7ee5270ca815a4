using CogniForge.Llm.Limits;

namespace CogniForge.Llm.Tests.Limits;

internal static class Claims
{
    /// <summary>A claim of that many billionths of a USD, on a budget of a ten-thousandth or less.</summary>
    public static Reservation Create(string key, long cost, DateTimeOffset? at = null) =>
        new()
        {
            Id = Guid.CreateVersion7(),
            Key = key,
            Limits = new()
            {
                Budget = new()
                {
                    Amount = at is null ? 0.000007m : 0.0001m,
                    Period = at is null ? BudgetPeriod.Day : BudgetPeriod.Total,
                },
            },
            At = at ?? TimeProvider.System.GetUtcNow(),
            Expires = (at ?? TimeProvider.System.GetUtcNow()).AddMinutes(11),
            MaxCost = new(cost, 0),
        };
}
