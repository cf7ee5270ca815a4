namespace CogniForge.AppHost;

/// <summary>The two keys that every service accepts.</summary>
/// <param name="Admin">The operator's key, which grants all scopes.</param>
/// <param name="Service">The key for calls between services.</param>
internal sealed record SharedKeys(
    IResourceBuilder<ParameterResource> Admin,
    IResourceBuilder<ParameterResource> Service
);
