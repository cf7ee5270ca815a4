namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>What joins a prediction and its ground truth.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Source">The system that served the prediction; empty: this service.</param>
/// <param name="RequestId">The id of the request.</param>
/// <param name="Row">The row within the request, from 0.</param>
internal readonly record struct PredictionKey(string Model, string Source, string RequestId, int Row);
