using System.Text.Json.Serialization;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>
/// The timeouts of a route, a provider or the service, in milliseconds, each 1 to 3,600,000. A route's replace its
/// providers', and those replace the service's. Every byte that a provider sends ends its silence.
/// </summary>
/// <param name="FirstTokenMs">Streams: the provider's silence before the first token. Default: 120,000.</param>
/// <param name="SilenceMs">Streams: the provider's silence after the first token. Default: 120,000.</param>
/// <param name="AnswerMs">Not streamed: until the complete response of one attempt. Default: 600,000.</param>
/// <param name="TotalMs">
/// The whole request, including retries and fallbacks; of several providers the longest. Default: 900,000.
/// </param>
/// <param name="ConnectMs">Until a new connection to the provider is established. Default: 10,000.</param>
/// <param name="KeepAliveMs">
/// Streams: the gateway's silence towards the client before it sends a keep-alive; 0: none. Default: 15,000.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TimeoutsConfig(
    int? FirstTokenMs = null,
    int? SilenceMs = null,
    int? AnswerMs = null,
    int? TotalMs = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ConnectMs = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? KeepAliveMs = null
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
                Milliseconds(timeouts.Total),
                Milliseconds(timeouts.Connect),
                Milliseconds(timeouts.KeepAlive)
            );

    /// <param name="prefix">What precedes the names of the fields in errors.</param>
    public IEnumerable<FieldError> Validate(string prefix = "timeouts.")
    {
        (string Name, int? Value, int Min)[] fields =
        [
            ("firstTokenMs", FirstTokenMs, 1),
            ("silenceMs", SilenceMs, 1),
            ("answerMs", AnswerMs, 1),
            ("totalMs", TotalMs, 1),
            ("connectMs", ConnectMs, 1),
            ("keepAliveMs", KeepAliveMs, 0),
        ];
        return fields
            .Where(f => f.Value < f.Min || f.Value > Max)
            .Select(f => new FieldError($"{prefix}{f.Name}", $"must be {f.Min} to {Max}"));
    }

    /// <summary>Converts the valid model.</summary>
    public TimeoutOverrides ToTimeouts() =>
        new(
            Time(ConnectMs),
            Time(FirstTokenMs),
            Time(SilenceMs),
            Time(AnswerMs),
            Time(TotalMs),
            Time(KeepAliveMs)
        );

    private static TimeSpan? Time(int? milliseconds) => milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    private static int? Milliseconds(TimeSpan? time) =>
        time is { } t ? (int)Math.Min(t.TotalMilliseconds, int.MaxValue) : null;
}
