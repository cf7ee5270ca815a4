namespace CogniForge.ServiceDefaults.Errors;

/// <summary>The shape of an endpoint's errors, as metadata for the OpenAPI document.</summary>
internal sealed record ErrorShape(Type Type);
