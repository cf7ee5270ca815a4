using System.Text.Json.Serialization;

namespace CogniForge.Web.Clients;

/// <summary>The head of a run.</summary>
/// <param name="RunName">Its name.</param>
/// <param name="ExperimentId">Its experiment.</param>
/// <param name="Status">E.g. <c>RUNNING</c> or <c>FINISHED</c>.</param>
/// <param name="StartTime">When it began, in milliseconds since 1970, UTC.</param>
internal sealed record RunInfo(
    [property: JsonPropertyName("run_name")] string RunName,
    [property: JsonPropertyName("experiment_id")] string ExperimentId,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("start_time")] long StartTime
)
{
    /// <summary>When it began; a client may have sent any number.</summary>
    [JsonIgnore]
    public DateTimeOffset Started =>
        DateTimeOffset.FromUnixTimeMilliseconds(
            Math.Clamp(
                StartTime,
                DateTimeOffset.MinValue.ToUnixTimeMilliseconds(),
                DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            )
        );
}
