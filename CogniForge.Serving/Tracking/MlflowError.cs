using System.Text.Json.Serialization;

namespace CogniForge.Serving.Tracking;

/// <summary>An error in MLflow's format.</summary>
/// <param name="ErrorCode">One of MLflow's error codes.</param>
/// <param name="Message">What happened.</param>
internal sealed record MlflowError([property: JsonPropertyName("error_code")] string ErrorCode, string Message);
