namespace CogniForge.ServiceDefaults.Errors;

/// <summary>An error that an endpoint can answer beyond those that it has by what it is, as metadata for the OpenAPI document.</summary>
internal sealed record PossibleError(int Status, string Description);
