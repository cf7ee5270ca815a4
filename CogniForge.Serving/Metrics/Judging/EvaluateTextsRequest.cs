using System.Text.Json.Serialization;

namespace CogniForge.Serving.Metrics.Judging;

/// <summary>How texts are compared with their references by models of the gateway; one model is required.</summary>
/// <param name="JudgeModel">The route of a chat model that grades each text.</param>
/// <param name="Criteria">What it grades, at most 2,000 characters. Default: whether the meaning is the same.</param>
/// <param name="EmbeddingModel">The route of an embedding model for the similarity.</param>
/// <param name="Limit">The newest texts that are evaluated, 1 to 100. Default: 20.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record EvaluateTextsRequest(
    string? JudgeModel = null,
    string? Criteria = null,
    string? EmbeddingModel = null,
    int Limit = 20
);
