using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tracking;

/// <summary>A row of the table tracking_run, with its parameters, tags and latest metrics as JSON.</summary>
internal sealed record TrackingRunRow
{
    /// <summary>Selects runs <c>r</c>; JSON would not carry NaN, so the metrics are arrays.</summary>
    public const string Select = """
        SELECT r.id, r.experiment_id, r.name, r.user_id, r.status, r.start_time, r.end_time, r.artifact_uri,
            r.is_deleted,
            (SELECT coalesce(json_object_agg(p.key, p.value ORDER BY p.key COLLATE "C"), '{}')
                FROM tracking_param p WHERE p.run_id = r.id)::text AS params,
            (SELECT coalesce(json_object_agg(t.key, t.value ORDER BY t.key COLLATE "C"), '{}')
                FROM tracking_tag t WHERE t.run_id = r.id)::text AS tags,
            coalesce(m.keys, '{}') AS metric_keys, coalesce(m.vals, '{}') AS metric_values,
            coalesce(m.timestamps, '{}') AS metric_timestamps, coalesce(m.steps, '{}') AS metric_steps
        FROM tracking_run r
        LEFT JOIN LATERAL (
            SELECT array_agg(l.key ORDER BY l.key COLLATE "C") AS keys,
                array_agg(l.value ORDER BY l.key COLLATE "C") AS vals,
                array_agg(l.timestamp ORDER BY l.key COLLATE "C") AS timestamps,
                array_agg(l.step ORDER BY l.key COLLATE "C") AS steps
            FROM (
                SELECT DISTINCT ON (key) key, value, timestamp, step FROM tracking_metric
                WHERE run_id = r.id ORDER BY key, step DESC, timestamp DESC, value DESC
            ) l
        ) m ON true
        """;

    public string Id { get; init; } = "";

    public long Experiment_Id { get; init; }

    public string Name { get; init; } = "";

    public string User_Id { get; init; } = "";

    public string Status { get; init; } = "";

    public long Start_Time { get; init; }

    public long? End_Time { get; init; }

    public string Artifact_Uri { get; init; } = "";

    public bool Is_Deleted { get; init; }

    public string Params { get; init; } = "";

    public string Tags { get; init; } = "";

    public string[] Metric_Keys { get; init; } = [];

    public double[] Metric_Values { get; init; } = [];

    public long[] Metric_Timestamps { get; init; } = [];

    public long[] Metric_Steps { get; init; } = [];

    public TrackedRun ToRun() =>
        new(Id, Experiment_Id, Name, User_Id, Status, Start_Time, End_Time, Artifact_Uri, Is_Deleted)
        {
            Metrics =
            [
                .. Metric_Keys.Select(
                    (key, i) => new TrackedMetric(key, Metric_Values[i], Metric_Timestamps[i], Metric_Steps[i])
                ),
            ],
            Params = RegistryJson.Read<Dictionary<string, string>>(Params),
            Tags = RegistryJson.Read<Dictionary<string, string>>(Tags),
        };
}
