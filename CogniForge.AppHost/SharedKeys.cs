namespace CogniForge.AppHost;

/// <summary>The two keys that are valid at every service.</summary>
/// <param name="Admin">The operator's key: all scopes.</param>
/// <param name="Service">The key that services use among themselves.</param>
internal sealed record SharedKeys(
    IResourceBuilder<ParameterResource> Admin,
    IResourceBuilder<ParameterResource> Service
);
