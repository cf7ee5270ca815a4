using System.IO.Enumeration;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Domain.Limits;

/// <summary>What a key may do beyond its scopes. Whatever is not set is not limited.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record KeyLimits
{
    /// <summary>The routes or models that may be asked for, 1 to 100 names; <c>*</c> stands for anything, e.g. <c>gpt-*</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Routes { get; init; }

    /// <summary>The most that may be spent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Budget? Budget { get; init; }

    /// <summary>The most requests a minute, 1 to 1,000,000.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>The most tokens a minute, input and output together, 1 to 1,000,000,000.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TokensPerMinute { get; init; }

    /// <summary>Whether a request may be made, by the name that it asks for or that of the route which answers it.</summary>
    public bool Allows(string model, string route)
    {
        foreach (var pattern in Routes ?? [])
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, model, ignoreCase: false) || FileSystemName.MatchesSimpleExpression(pattern, route, ignoreCase: false))
            {
                return true;
            }
        }

        return Routes is null;
    }
}

/// <summary>A hard budget: it is not overspent, however many requests come at once.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record Budget
{
    /// <summary>USD, 0 to 1,000,000, with at most nine decimals.</summary>
    public required decimal Amount { get; init; }

    /// <summary>For how long the amount is.</summary>
    public required BudgetPeriod Period { get; init; }
}

/// <summary>Periods of budgets; they begin at midnight, UTC.</summary>
internal enum BudgetPeriod
{
    /// <summary>A day.</summary>
    Day,

    /// <summary>A week, from Monday on (ISO 8601).</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,

    /// <summary>The key's whole life.</summary>
    Total,
}
