namespace CogniForge.AppHost;

/// <summary>What every CogniForge service is given in the same way.</summary>
internal static class ServiceResources
{
    /// <summary>A secret parameter of at least 256 random bits, generated once and kept in the user secrets.</summary>
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
            .WithDescription($"{description} Generated once and kept in the user secrets.", enableMarkdown: true);

    /// <summary>References a database of the service's own, the cache and the broker, and waits for each.</summary>
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

    /// <summary>Makes the service reachable from outside, with probes, the shared keys and a link to its OpenAPI.</summary>
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

#pragma warning disable ASPIRECERTIFICATES001 // Experimental. The dashboard otherwise warns of a missing certificate.
        service.WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001

        // Where the journal of answers already given lies; a deployment mounts a volume and sets the same variable.
        var journals =
            service.ApplicationBuilder.Configuration["JournalDirectory"]
            ?? Path.Combine(service.ApplicationBuilder.AppHostDirectory, "..", ".data", "journals");
        if (service.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            var journal = Path.GetFullPath(Path.Combine(journals, service.Resource.Name));
            service
                .WithEnvironment("CogniForge__JournalDirectory", journal)
                // Aspire's always_on would trace the queries of health checks, whose requests the services leave out.
                .WithEnvironment("OTEL_TRACES_SAMPLER", "parentbased_always_on");
        }

        return service;
    }

    /// <summary>Health checks of a local run, and the probes that publishers write.</summary>
    private static IResourceBuilder<ProjectResource> WithProbes(this IResourceBuilder<ProjectResource> service)
    {
        // `/health` answers within about three seconds when a store hangs. Container Apps allow a threshold of ten.
#pragma warning disable ASPIREPROBES001 // Publishers learn of probes in no other way; experimental in name since 9.5.
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

    /// <summary>
    /// Passes providers' API keys, each a parameter (<c>Parameters:{provider}-api-key</c>). In a local run it may stay
    /// empty, and the dashboard can set it. A deployment has all, or those of the setting <c>ProviderKeys</c> (a,b).
    /// </summary>
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
                $"Your key at **{provider}**. Empty: its models are not offered. Restart `llm` after a change.",
                enableMarkdown: true
            );
            service.WithEnvironment($"Providers__{provider}__ApiKey", key);
        }

        return service;
    }
}
