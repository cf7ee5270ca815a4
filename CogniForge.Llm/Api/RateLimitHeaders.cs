using System.Globalization;
using CogniForge.Llm.Domain.Limits;

namespace CogniForge.Llm.Api;

/// <summary>The headers in which OpenAI's API tells of limits: <c>x-ratelimit-{limit,remaining,reset}-{requests,tokens}</c>.</summary>
internal static class RateLimitHeaders
{
    /// <summary>Sets the headers of one limit; none when it does not exist.</summary>
    public static void Set(IHeaderDictionary headers, string what, RateLevel? level)
    {
        if (level is { } l)
        {
            headers[$"x-ratelimit-limit-{what}"] = l.Limit.ToString(CultureInfo.InvariantCulture);
            headers[$"x-ratelimit-remaining-{what}"] = l.Remaining.ToString(CultureInfo.InvariantCulture);
            headers[$"x-ratelimit-reset-{what}"] = Duration(l.Reset);
        }
    }

    /// <summary>A duration as OpenAI writes it: <c>20ms</c>, <c>1s</c>, <c>1.5s</c>, <c>6m0s</c>.</summary>
    public static string Duration(TimeSpan duration)
    {
        var milliseconds = (long)Math.Ceiling(duration.TotalMilliseconds);
        if (milliseconds is > 0 and < 1_000)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
        }

        var (minutes, seconds) = Math.DivRem(milliseconds, 60_000);
        var text = (seconds / 1_000m).ToString("0.###", CultureInfo.InvariantCulture);
        return minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{minutes}m{text}s") : $"{text}s";
    }
}
