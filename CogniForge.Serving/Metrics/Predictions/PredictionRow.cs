using CogniForge.Serving.Models;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>A prediction as the database returns it.</summary>
internal sealed record PredictionRow
{
    public const string Columns = """
        p.id, p.model, p.version, p.source, p.request_id AS RequestId, p.row_number AS RowNumber,
        p.occurred_at AS OccurredAt, p.class, p.scores::text AS Scores, p.number, p.text, p.latency_ms AS LatencyMs,
        p.input_tokens AS InputTokens, p.output_tokens AS OutputTokens, p.log_probability AS LogProbability
        """;

    public Guid Id { get; init; }
    public string Model { get; init; } = "";
    public int Version { get; init; }
    public string Source { get; init; } = "";
    public string RequestId { get; init; } = "";
    public int RowNumber { get; init; }
    public DateTime OccurredAt { get; init; }
    public string? Features { get; init; }
    public string? Class { get; init; }
    public string? Scores { get; init; }
    public double? Number { get; init; }
    public string? Text { get; init; }
    public double? LatencyMs { get; init; }
    public long? InputTokens { get; init; }
    public long? OutputTokens { get; init; }
    public double? LogProbability { get; init; }
    public string? Groups { get; init; }
    public string? ActualClass { get; init; }
    public double? ActualNumber { get; init; }
    public string? ActualText { get; init; }

    public Prediction ToPrediction() =>
        new()
        {
            Id = Id,
            Key = new(Model, Source, RequestId, RowNumber),
            Version = Version,
            OccurredAt = OccurredAt,
            Features = Features,
            Output = new(Class, Read<double>(Scores), Number, Text),
            LatencyMs = LatencyMs,
            InputTokens = InputTokens,
            OutputTokens = OutputTokens,
            LogProbability = LogProbability,
            Groups = Read<string>(Groups),
            Actual =
                ActualClass is null && ActualNumber is null && ActualText is null
                    ? null
                    : new(ActualClass, ActualNumber, ActualText),
        };

    private static Dictionary<string, T>? Read<T>(string? json) =>
        json is null ? null : RegistryJson.Read<Dictionary<string, T>>(json);
}
