namespace CogniForge.AppHost;

/// <summary>The two keys that are valid at every service.</summary>
/// <param name="Admin">The operator's key: all scopes.</param>
/// <param name="Service">The key that services use among themselves.</param>
internal sealed record SharedKeys(IResourceBuilder<ParameterResource> Admin, IResourceBuilder<ParameterResource> Service);

/// <summary>What every CogniForge service is given in the same way.</summary>
internal static class ServiceResources
{
    /// <summary>A secret parameter of 256 random bits or more, generated once and kept in the AppHost's user secrets.</summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(
        this IDistributedApplicationBuilder builder, string name, string description) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true, persist: true)
            .WithDescription(description, enableMarkdown: true);

    /// <summary>References the service's own database, the cache and the broker, and waits for each.</summary>
    public static IResourceBuilder<ProjectResource> WithStores(
        this IResourceBuilder<ProjectResource> service,
        IResourceBuilder<PostgresDatabaseResource> database,
        IResourceBuilder<RedisResource> cache,
        IResourceBuilder<RabbitMQServerResource> messaging) =>
        service
            .WithReference(database).WaitFor(database)
            .WithReference(cache).WaitFor(cache)
            .WithReference(messaging).WaitFor(messaging);

    /// <summary>Makes the service reachable from outside, checked at <c>/health</c>, with the shared keys and a link to its API description.</summary>
    public static IResourceBuilder<ProjectResource> WithApi(this IResourceBuilder<ProjectResource> service, SharedKeys keys)
    {
        service
            .WithEnvironment("CogniForge__AdminApiKey", keys.Admin)
            .WithEnvironment("CogniForge__ServiceKey", keys.Service)
            .WithHttpHealthCheck("/health")
            .WithExternalHttpEndpoints()
            .WithUrlForEndpoint("http", url => url.DisplayText = service.Resource.Name)
            .WithUrlForEndpoint("http", endpoint => new ResourceUrlAnnotation { Url = "/openapi/v1.json", DisplayText = "OpenAPI", Endpoint = endpoint });

#pragma warning disable ASPIRECERTIFICATES001 // Experimental. The dashboard otherwise warns of a missing certificate.
        service.WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001

        // Where the journal of answers already given lies; a deployment mounts a volume and sets the same variable.
        var journals = service.ApplicationBuilder.Configuration["JournalDirectory"]
            ?? Path.Combine(service.ApplicationBuilder.AppHostDirectory, "..", ".data", "journals");
        return service.ApplicationBuilder.ExecutionContext.IsRunMode
            ? service.WithEnvironment("CogniForge__JournalDirectory", Path.GetFullPath(Path.Combine(journals, service.Resource.Name)))
            : service;
    }

    /// <summary>
    /// Passes the API keys of providers. Each is a parameter (<c>Parameters:{provider}-api-key</c>) that may stay empty while
    /// developing, and that the dashboard can set.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithProviderKeys(
        this IResourceBuilder<ProjectResource> service, params string[] providers)
    {
        var builder = service.ApplicationBuilder;
        foreach (var provider in providers)
        {
            var name = $"{provider}-api-key";
            var key = builder.ExecutionContext.IsRunMode
                ? builder.AddParameter(name, () => builder.Configuration[$"Parameters:{name}"] ?? "", secret: true)
                : builder.AddParameter(name, secret: true);
            key.WithDescription(
                $"The key of your account at **{provider}**. Empty: its models are not offered. Restart `llm` after a change.",
                enableMarkdown: true);
            service.WithEnvironment($"Providers__{provider}__ApiKey", key);
        }

        return service;
    }
}
