using System.Text.Json.Serialization;

namespace CogniForge.Web.Clients;

/// <summary>The head of a run.</summary>
/// <param name="RunName">Its name.</param>
/// <param name="ExperimentId">Its experiment.</param>
/// <param name="Status">E.g. <c>RUNNING</c> or <c>FINISHED</c>.</param>
/// <param name="StartTime">When it began, in milliseconds since 1970, UTC.</param>
/// <param name="EndTime">When it ended; null: it has not.</param>
internal sealed record RunInfo(
    [property: JsonPropertyName("run_name")] string RunName,
    [property: JsonPropertyName("experiment_id")] string ExperimentId,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("start_time")] long StartTime,
    [property: JsonPropertyName("end_time")] long? EndTime
);
