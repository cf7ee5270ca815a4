namespace CogniForge.Llm.Limits;

/// <summary>The period of a budget in which a moment lies.</summary>
/// <param name="Period">Its kind.</param>
/// <param name="Start">Its first moment, UTC.</param>
/// <param name="End">The first moment after it, UTC.</param>
internal readonly record struct BudgetWindow(BudgetPeriod Period, DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>The window of a moment.</summary>
    /// <param name="period">The kind.</param>
    /// <param name="now">The moment.</param>
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
