namespace CogniForge.ServiceDefaults.ApiKeys;

internal sealed record BasicAuthenticationMetadata;
