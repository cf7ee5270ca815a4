using System.Globalization;
using CogniForge.Llm.Limits.Rates;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Limits;

/// <summary>
/// The response headers of a key's limits: <c>x-ratelimit-{limit,remaining,reset}-{requests,tokens}</c> as in OpenAI's
/// API, for Anthropic clients also <c>anthropic-ratelimit-{requests,tokens}-{limit,remaining,reset}</c>, and
/// <c>x-cogniforge-budget-remaining</c>. A limit that the key does not have has no headers.
/// </summary>
internal static class LimitHeaders
{
    /// <summary>Sets the headers.</summary>
    /// <param name="headers">The response's headers.</param>
    /// <param name="result">The result of the key's reservation.</param>
    /// <param name="protocol">The client's protocol.</param>
    /// <param name="now">The time of the result.</param>
    public static void Set(
        IHeaderDictionary headers,
        in ReservationResult result,
        Protocol protocol,
        DateTimeOffset now
    )
    {
        Set("requests", result.Requests);
        Set("tokens", result.Tokens);
        if (result.BudgetRemaining is { } left)
        {
            headers["x-cogniforge-budget-remaining"] = NanoUsd.ToUsd(left).ToString(CultureInfo.InvariantCulture);
        }

        void Set(string limited, RateLevel? known)
        {
            if (known is not { } level)
            {
                return;
            }

            var limit = level.Limit.ToString(CultureInfo.InvariantCulture);
            var remaining = level.Remaining.ToString(CultureInfo.InvariantCulture);
            headers[$"x-ratelimit-limit-{limited}"] = limit;
            headers[$"x-ratelimit-remaining-{limited}"] = remaining;
            headers[$"x-ratelimit-reset-{limited}"] = Duration(level.Reset);
            if (protocol == Protocol.Messages)
            {
                headers[$"anthropic-ratelimit-{limited}-limit"] = limit;
                headers[$"anthropic-ratelimit-{limited}-remaining"] = remaining;
                headers[$"anthropic-ratelimit-{limited}-reset"] = Time(now + level.Reset);
            }
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

    /// <summary>A time as Anthropic writes it: RFC 3339 in whole seconds, here rounded up.</summary>
    public static string Time(DateTimeOffset time) =>
        time.AddTicks(TimeSpan.TicksPerSecond - 1)
            .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
