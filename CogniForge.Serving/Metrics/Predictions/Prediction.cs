namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>A row that a model predicted.</summary>
internal sealed record Prediction
{
    /// <summary>The source of predictions that were served by this service.</summary>
    public const string ServedHere = "";

    /// <summary>A UUID version 7.</summary>
    public required Guid Id { get; init; }

    public required PredictionKey Key { get; init; }

    public required int Version { get; init; }

    /// <summary>When the prediction was made, UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The features by name, as a JSON object of numbers, strings, booleans and nulls.</summary>
    public string? Features { get; init; }

    public required PredictedOutput Output { get; init; }

    /// <summary>The time of the request in milliseconds, 0 or more.</summary>
    public double? LatencyMs { get; init; }

    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    /// <summary>The sum of the natural logarithms of the probabilities of the output tokens, at most 0.</summary>
    public double? LogProbability { get; init; }

    /// <summary>The groups that the row belongs to, by protected attribute.</summary>
    public IReadOnlyDictionary<string, string>? Groups { get; init; }

    /// <summary>What is true, if it is known.</summary>
    public ActualOutput? Actual { get; init; }
}
