namespace CogniForge.AppHost;

/// <summary>The two keys that are valid at every service.</summary>
/// <param name="Admin">The operator's key: all scopes.</param>
/// <param name="Service">The key that services use among themselves.</param>
internal sealed record SharedKeys(IResourceBuilder<ParameterResource> Admin, IResourceBuilder<ParameterResource> Service);

/// <summary>What every CogniForge service is given in the same way.</summary>
internal static class ServiceResources
{
    /// <summary>A secret parameter of 256 random bits or more, generated once and kept in the AppHost's user secrets.</summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true, persist: true);

    /// <summary>References the service's own database, the cache and the broker, and waits for each.</summary>
    public static IResourceBuilder<ProjectResource> WithStores(
        this IResourceBuilder<ProjectResource> service,
        IResourceBuilder<IResourceWithConnectionString> database,
        IResourceBuilder<RedisResource> cache,
        IResourceBuilder<IResourceWithConnectionString> messaging) =>
        service
            .WithReference(database).WaitFor(database)
            .WithReference(cache).WaitFor(cache)
            .WithReference(messaging).WaitFor(messaging);

    /// <summary>Makes the service reachable from outside, probed, with the shared keys and a link to its API description.</summary>
    public static IResourceBuilder<ProjectResource> WithApi(this IResourceBuilder<ProjectResource> service, SharedKeys keys)
    {
        service
            .WithEnvironment("CogniForge__AdminApiKey", keys.Admin)
            .WithEnvironment("CogniForge__ServiceKey", keys.Service)
            .WithProbes()
            .WithExternalHttpEndpoints()
            .WithUrlForEndpoint("http", url => url.DisplayText = service.Resource.Name)
            .WithUrlForEndpoint("http", endpoint => new ResourceUrlAnnotation { Url = "/openapi/v1.json", DisplayText = "OpenAPI", Endpoint = endpoint });

        // Where the journal of answers already given lies; a deployment mounts a volume and sets the same variable.
        var journals = service.ApplicationBuilder.Configuration["JournalDirectory"]
            ?? Path.Combine(service.ApplicationBuilder.AppHostDirectory, "..", ".data", "journals");
        return service.ApplicationBuilder.ExecutionContext.IsRunMode
            ? service.WithEnvironment("CogniForge__JournalDirectory", Path.GetFullPath(Path.Combine(journals, service.Resource.Name)))
            : service;
    }

    /// <summary>Health checks of a local run, and the probes that publishers write.</summary>
    private static IResourceBuilder<ProjectResource> WithProbes(this IResourceBuilder<ProjectResource> service)
    {
        // `/health` answers within about three seconds when a store hangs. Container Apps allow a threshold of ten.
#pragma warning disable ASPIREPROBES001 // Publishers learn of probes in no other way; experimental in name since 9.5.
        return service
            .WithHttpProbe(
                ProbeType.Liveness, "/alive", periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6, endpointName: "http")
            .WithHttpProbe(
                ProbeType.Readiness, "/health", periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3, endpointName: "http");
#pragma warning restore ASPIREPROBES001
    }

    /// <summary>
    /// Hands over providers' API keys (<c>Parameters:{provider}-api-key</c>). Local run: those that are configured.
    /// Deployment: all, or those of the comma-separated setting <c>ProviderKeys</c>.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithProviderKeys(this IResourceBuilder<ProjectResource> service, params string[] providers)
    {
        var builder = service.ApplicationBuilder;

        // What is published must not depend on the secrets of the machine that publishes.
        const StringSplitOptions Names = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        var withKeys = builder.ExecutionContext.IsPublishMode
            ? builder.Configuration["ProviderKeys"]?.Split(',', Names) ?? providers
            : providers.Where(p => !string.IsNullOrEmpty(builder.Configuration[$"Parameters:{p}-api-key"]));
        foreach (var provider in withKeys)
        {
            service.WithEnvironment($"Providers__{provider}__ApiKey", builder.AddParameter($"{provider}-api-key", secret: true));
        }

        return service;
    }
}
