namespace CogniForge.ServiceDefaults.Errors;

/// <summary>An additional error of an endpoint, as metadata for the OpenAPI document.</summary>
internal sealed record PossibleError(int Status, string Description);
