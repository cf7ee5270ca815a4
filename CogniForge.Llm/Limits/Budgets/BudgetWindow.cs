namespace CogniForge.Llm.Limits.Budgets;

/// <summary>One period of a budget, e.g. one calendar month.</summary>
/// <param name="Period">The kind of period.</param>
/// <param name="Start">Its first moment, UTC.</param>
/// <param name="End">The first moment after it, UTC.</param>
internal readonly record struct BudgetWindow(BudgetPeriod Period, DateTimeOffset Start, DateTimeOffset End)
{
    public bool Contains(DateTimeOffset time) => Start <= time && time < End;

    /// <summary>The window that contains a time.</summary>
    public static BudgetWindow At(BudgetPeriod period, DateTimeOffset now)
    {
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
        var first = day.AddDays(1 - day.Day);
        return period switch
        {
            BudgetPeriod.Day => new(period, day, day.AddDays(1)),
            BudgetPeriod.Week => new(period, monday, monday.AddDays(7)),
            BudgetPeriod.Month => new(period, first, first.AddMonths(1)),
            _ => new(period, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue),
        };
    }
}
