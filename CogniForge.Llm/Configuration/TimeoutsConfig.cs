using System.Text.Json.Serialization;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>The timeouts of a route, in milliseconds, each 1 to 3,600,000.</summary>
/// <param name="FirstTokenMs">Streams: until the first token of the response. Default: 10,000.</param>
/// <param name="SilenceMs">Streams: between two chunks. Default: 20,000.</param>
/// <param name="AnswerMs">Not streamed: until the complete response of one attempt. Default: 60,000.</param>
/// <param name="TotalMs">The whole request, including retries and fallbacks. Default: 600,000.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TimeoutsConfig(
    int? FirstTokenMs = null,
    int? SilenceMs = null,
    int? AnswerMs = null,
    int? TotalMs = null
)
{
    private const int Max = 3_600_000;

    public static TimeoutsConfig? From(TimeoutOverrides? timeouts) =>
        timeouts is null
            ? null
            : new(
                Milliseconds(timeouts.FirstToken),
                Milliseconds(timeouts.Silence),
                Milliseconds(timeouts.Response),
                Milliseconds(timeouts.Total)
            );

    public IEnumerable<FieldError> Validate() =>
        new[] { ("firstTokenMs", FirstTokenMs), ("silenceMs", SilenceMs), ("answerMs", AnswerMs), ("totalMs", TotalMs) }
            .Where(t => t.Item2 is < 1 or > Max)
            .Select(t => new FieldError($"timeouts.{t.Item1}", $"must be 1 to {Max}"));

    /// <summary>Converts the valid model.</summary>
    public TimeoutOverrides ToTimeouts() => new(Time(FirstTokenMs), Time(SilenceMs), Time(AnswerMs), Time(TotalMs));

    private static TimeSpan? Time(int? milliseconds) => milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    private static int? Milliseconds(TimeSpan? time) =>
        time is { } t ? (int)Math.Min(t.TotalMilliseconds, int.MaxValue) : null;
}
