using CogniForge.Llm.Limits;
using CogniForge.Llm.Limits.Budgets;

namespace CogniForge.Llm.Tests.Limits;

internal static class Reservations
{
    /// <summary>A reservation of a number of billionths of a USD from a budget in USD.</summary>
    public static Reservation Create(
        string key,
        long cost,
        decimal amount = 1,
        BudgetPeriod period = BudgetPeriod.Total
    ) =>
        new()
        {
            Owner = LimitOwner.ForKey(
                key,
                new()
                {
                    Budget = new() { Amount = amount, Period = period },
                }
            ),
            At = TimeProvider.System.GetUtcNow(),
            MaxCost = new(cost, 0),
        };
}
