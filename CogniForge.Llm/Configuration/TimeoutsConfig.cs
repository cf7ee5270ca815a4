using System.Text.Json.Serialization;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>How long the gateway waits for a target, in milliseconds, each 1 to 3,600,000.</summary>
/// <param name="FirstTokenMs">Streams: for the first part of the answer. Default: 10,000.</param>
/// <param name="SilenceMs">Streams: between two parts. Default: 20,000.</param>
/// <param name="AnswerMs">Not streamed: for the whole answer of one attempt. Default: 60,000.</param>
/// <param name="TotalMs">For everything, with retries and fall-back. Default: 600,000.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TimeoutsConfig(
    int? FirstTokenMs = null,
    int? SilenceMs = null,
    int? AnswerMs = null,
    int? TotalMs = null
)
{
    private const int Max = 3_600_000;

    /// <summary>The document of a route's time-outs.</summary>
    public static TimeoutsConfig? From(RouteTimeouts? timeouts) =>
        timeouts is null
            ? null
            : new(
                Milliseconds(timeouts.FirstToken),
                Milliseconds(timeouts.Silence),
                Milliseconds(timeouts.Response),
                Milliseconds(timeouts.Total)
            );

    /// <summary>The rules that the time-outs break.</summary>
    public IEnumerable<FieldError> Validate() =>
        new[] { ("firstTokenMs", FirstTokenMs), ("silenceMs", SilenceMs), ("answerMs", AnswerMs), ("totalMs", TotalMs) }
            .Where(t => t.Item2 is < 1 or > Max)
            .Select(t => new FieldError($"timeouts.{t.Item1}", $"must be 1 to {Max}"));

    /// <summary>The time-outs.</summary>
    public RouteTimeouts ToTimeouts() => new(Time(FirstTokenMs), Time(SilenceMs), Time(AnswerMs), Time(TotalMs));

    private static TimeSpan? Time(int? milliseconds) => milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    private static int? Milliseconds(TimeSpan? time) =>
        time is { } t ? (int)Math.Min(t.TotalMilliseconds, int.MaxValue) : null;
}
