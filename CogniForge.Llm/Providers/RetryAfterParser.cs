using System.Globalization;
using System.Text.RegularExpressions;

namespace CogniForge.Llm.Providers;

/// <summary>Parses the wait before a retry, in all header formats that providers use.</summary>
internal static partial class RetryAfterParser
{
    // An absurd value must not disable a target indefinitely.
    private static readonly TimeSpan _maxWait = TimeSpan.FromDays(1);

    /// <summary>
    /// Reads <c>retry-after-ms</c>, <c>retry-after</c> (seconds or a date), or the reset of an exhausted rate limit. At
    /// most one day; null if the provider requests no wait.
    /// </summary>
    public static TimeSpan? Parse(HttpResponseMessage response) =>
        ReadHeaders(response) is { } wait
            ? wait < _maxWait
                ? wait
                : _maxWait
            : null;

    private static TimeSpan? ReadHeaders(HttpResponseMessage response)
    {
        if (ParseNumber(GetHeader(response, "retry-after-ms")) is { } milliseconds)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        var now = response.Headers.Date;
        if (GetHeader(response, "retry-after") is { } text)
        {
            return ParseNumber(text) is { } seconds ? TimeSpan.FromSeconds(seconds) : ParseDate(text, now);
        }

        TimeSpan? longest = null;
        foreach (var (remaining, reset) in _limits)
        {
            if (
                GetHeader(response, remaining) == "0"
                && GetHeader(response, reset) is { } wait
                && (ParseDuration(wait) ?? ParseDate(wait, now)) is { } duration
                && duration > (longest ?? TimeSpan.Zero)
            )
            {
                longest = duration;
            }
        }

        return longest;
    }

    /// <summary>The first value of a header; null if absent.</summary>
    public static string? GetHeader(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>Parses a duration in OpenAI's format, e.g. <c>6m0s</c> or <c>20ms</c>; null if invalid.</summary>
    internal static TimeSpan? ParseDuration(string text)
    {
        var match = DurationRegex().Match(text);
        if (text.Length == 0 || !match.Success)
        {
            return null;
        }

        double Part(string name) =>
            match.Groups[name].Success ? double.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        return TimeSpan.FromHours(Part("h"))
            + TimeSpan.FromMinutes(Part("m"))
            + TimeSpan.FromSeconds(Part("s"))
            + TimeSpan.FromMilliseconds(Part("ms"));
    }

    private static readonly (string Remaining, string Reset)[] _limits =
    [
        ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
        ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
        ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
        ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
        ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
        ("anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"),
    ];

    private static double? ParseNumber(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number < int.MaxValue
            ? number
            : null;

    // Relative to the provider's own clock (its Date header), because the clocks may differ.
    private static TimeSpan? ParseDate(string text, DateTimeOffset? now) =>
        now is { } start
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
        && moment > start
            ? moment - start
            : null;

    [GeneratedRegex(
        "^(?:(?<h>[0-9]{1,6})h)?(?:(?<m>[0-9]{1,6})m(?!s))?"
            + "(?:(?<s>[0-9]{1,9}(\\.[0-9]+)?)s)?(?:(?<ms>[0-9]{1,9}(\\.[0-9]+)?)ms)?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex DurationRegex();
}
