using System.Globalization;
using System.Text.RegularExpressions;

namespace CogniForge.Llm.Providers;

/// <summary>Reads how long a provider wants to be left alone, in every form that providers use.</summary>
internal static partial class RetryAfterParser
{
    // Nonsense must not keep a target out of use until somebody notices.
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);

    /// <summary>
    /// <c>retry-after-ms</c>, <c>retry-after</c> (seconds or a date), or the reset of a rate limit of which nothing remains, a day at most; null: it may be asked again.
    /// </summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        Told(response) is { } wait
            ? wait < _longest
                ? wait
                : _longest
            : null;

    private static TimeSpan? Told(HttpResponseMessage response)
    {
        if (Number(Value(response, "retry-after-ms")) is { } milliseconds)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        var now = response.Headers.Date;
        if (Value(response, "retry-after") is { } text)
        {
            return Number(text) is { } seconds ? TimeSpan.FromSeconds(seconds) : Until(text, now);
        }

        TimeSpan? longest = null;
        foreach (var (remaining, reset) in _limits)
        {
            if (
                Value(response, remaining) == "0"
                && Value(response, reset) is { } wait
                && (Duration(wait) ?? Until(wait, now)) is { } duration
                && duration > (longest ?? TimeSpan.Zero)
            )
            {
                longest = duration;
            }
        }

        return longest;
    }

    /// <summary>The first value of a header; null: there is none.</summary>
    public static string? Value(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>A duration in OpenAI's form, e.g. <c>6m0s</c> or <c>20ms</c>; null: it is none.</summary>
    internal static TimeSpan? Duration(string text)
    {
        var match = DurationForm().Match(text);
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

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number < int.MaxValue
            ? number
            : null;

    // Against the provider's own clock where it tells it: ours may differ.
    private static TimeSpan? Until(string text, DateTimeOffset? now) =>
        now is { } start
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
        && moment > start
            ? moment - start
            : null;

    [GeneratedRegex(
        "^(?:(?<h>[0-9]{1,6})h)?(?:(?<m>[0-9]{1,6})m(?!s))?(?:(?<s>[0-9]{1,9}(\\.[0-9]+)?)s)?(?:(?<ms>[0-9]{1,9}(\\.[0-9]+)?)ms)?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex DurationForm();
}
