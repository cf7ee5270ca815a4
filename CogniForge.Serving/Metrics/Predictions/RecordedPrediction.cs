using System.Text.Json;
using System.Text.Json.Serialization;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>A prediction that was made elsewhere.</summary>
/// <param name="Id">The id of the request, 1 to 200 characters; a repeated one is ignored.</param>
/// <param name="OccurredAt">When it was made. Default: now.</param>
/// <param name="Features">The features by name, at most 256: numbers, strings, booleans and nulls.</param>
/// <param name="Prediction">What the model predicted.</param>
/// <param name="LatencyMs">The time of the request in milliseconds, 0 or more.</param>
/// <param name="InputTokens">The tokens of the input, 0 or more.</param>
/// <param name="OutputTokens">The tokens of the output, 0 or more.</param>
/// <param name="LogProbability">
/// The sum of the natural logarithms of the probabilities of the output tokens, at most 0; needs outputTokens.
/// </param>
/// <param name="Groups">The group of the row for each protected attribute, at most 20.</param>
/// <param name="Actual">What is true, if it is known already.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RecordedPrediction(
    string? Id = null,
    DateTimeOffset? OccurredAt = null,
    IReadOnlyDictionary<string, JsonElement>? Features = null,
    PredictedOutput? Prediction = null,
    double? LatencyMs = null,
    long? InputTokens = null,
    long? OutputTokens = null,
    double? LogProbability = null,
    IReadOnlyDictionary<string, string?>? Groups = null,
    ActualOutput? Actual = null
);
