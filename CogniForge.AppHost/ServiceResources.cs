namespace CogniForge.AppHost;

/// <summary>The configuration that every CogniForge service shares.</summary>
internal static class ServiceResources
{
    /// <summary>
    /// A secret parameter of at least 256 random bits, generated once and stored in the user secrets.
    /// </summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(
        this IDistributedApplicationBuilder builder,
        string name,
        string description
    ) =>
        builder
            .AddParameter(
                name,
                new GenerateParameterDefault { MinLength = 43, Special = false },
                secret: true,
                persist: true
            )
            .WithDescription($"{description} Generated once and stored in the user secrets.", enableMarkdown: true);

    /// <summary>References the service's own database, the cache and the broker, and waits for each.</summary>
    public static IResourceBuilder<ProjectResource> WithStores(
        this IResourceBuilder<ProjectResource> service,
        Stores stores,
        string databaseName
    )
    {
        var database = stores.AddDatabase(databaseName);
        return service
            .WithReference(database)
            .WaitFor(database)
            .WithReference(stores.Cache)
            .WaitFor(stores.Cache)
            .WithReference(stores.Messaging)
            .WaitFor(stores.Messaging);
    }

    /// <summary>
    /// Exposes the service externally, with probes, the shared keys and a link to its OpenAPI document.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithApi(
        this IResourceBuilder<ProjectResource> service,
        SharedKeys keys
    )
    {
        service
            .WithEnvironment("CogniForge__AdminApiKey", keys.Admin)
            .WithEnvironment("CogniForge__ServiceKey", keys.Service)
            .WithProbes()
            .WithExternalHttpEndpoints()
            .WithUrlForEndpoint("http", url => url.DisplayText = service.Resource.Name)
            .WithUrlForEndpoint(
                "http",
                endpoint => new ResourceUrlAnnotation
                {
                    Url = "/openapi/v1.json",
                    DisplayText = "OpenAPI",
                    Endpoint = endpoint,
                }
            );

#pragma warning disable ASPIRECERTIFICATES001 // Experimental. Otherwise the dashboard warns of a missing certificate.
        service.WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001

        // The journal holds records of sent responses; a deployment mounts a volume and sets the same variable.
        var journals =
            service.ApplicationBuilder.Configuration["JournalDirectory"]
            ?? Path.Combine(service.ApplicationBuilder.AppHostDirectory, "..", ".data", "journals");
        if (service.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            var journal = Path.GetFullPath(Path.Combine(journals, service.Resource.Name));
            service
                .WithEnvironment("CogniForge__JournalDirectory", journal)
                // Aspire's always_on would trace the health checks' queries, although the services exclude their
                // requests.
                .WithEnvironment("OTEL_TRACES_SAMPLER", "parentbased_always_on");
        }

        return service;
    }

    /// <summary>Health checks for a local run, and the probes that publishers write.</summary>
    private static IResourceBuilder<ProjectResource> WithProbes(this IResourceBuilder<ProjectResource> service)
    {
        // With a hanging store, `/health` responds within about three seconds. Container Apps allow a threshold of ten.
#pragma warning disable ASPIREPROBES001 // Experimental in name since 9.5; publishers have no other way to read probes.
        return service
            .WithHttpProbe(
                ProbeType.Liveness,
                "/alive",
                periodSeconds: 10,
                timeoutSeconds: 5,
                failureThreshold: 6,
                endpointName: "http"
            )
            .WithHttpProbe(
                ProbeType.Readiness,
                "/health",
                periodSeconds: 5,
                timeoutSeconds: 5,
                failureThreshold: 3,
                endpointName: "http"
            );
#pragma warning restore ASPIREPROBES001
    }

    /// <summary>Passes the providers' API keys, each a parameter (<c>Parameters:{provider}-api-key</c>).</summary>
    /// <remarks>
    /// In a local run a key may be empty and set later in the dashboard. A deployment has all keys, or those that the
    /// setting <c>ProviderKeys</c> lists (a,b).
    /// </remarks>
    public static IResourceBuilder<ProjectResource> WithProviderKeys(
        this IResourceBuilder<ProjectResource> service,
        params string[] providers
    )
    {
        var builder = service.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode && builder.Configuration["ProviderKeys"] is { } published)
        {
            providers = published.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }

        foreach (var provider in providers)
        {
            var name = $"{provider}-api-key";
            var key = builder.ExecutionContext.IsRunMode
                ? builder.AddParameter(name, () => builder.Configuration[$"Parameters:{name}"] ?? "", secret: true)
                : builder.AddParameter(name, secret: true);
            key.WithDescription(
                $"Your key at **{provider}**. If empty, its models are not offered. Restart `llm` after a change.",
                enableMarkdown: true
            );
            service.WithEnvironment($"Providers__{provider}__ApiKey", key);
        }

        return service;
    }
}
