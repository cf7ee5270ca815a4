using System.Diagnostics;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CogniForge.AppHost.LocalServers;

/// <summary>Runs Postgres, Redis and RabbitMQ as processes of this machine where no container engine is running.</summary>
internal static partial class LocalServers
{
    private static readonly TimeSpan EnginePatience = TimeSpan.FromSeconds(10);
    private static readonly string[] Engines = ["docker", "podman"];

    /// <summary>
    /// Call it before the servers are added. Publishing is not touched, nor are other containers.
    /// The setting <c>LocalServers</c> overrides the look for an engine: true never uses containers for these servers, false always.
    /// </summary>
    public static void AddLocalServers(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode && !OperatingSystem.IsWindows())
        {
            builder.Eventing.Subscribe<BeforeStartEvent>((start, cancellationToken) => ReplaceAsync(start, builder.Eventing, cancellationToken));
        }
    }

    private static async Task ReplaceAsync(BeforeStartEvent start, IDistributedApplicationEventing eventing, CancellationToken cancellationToken)
    {
        var resources = start.Model.Resources;
        var replaced = resources.Index()
            .Select(r => (r.Index, Container: r.Item as ContainerResource, Kind: LocalServerKind.All.FirstOrDefault(k => k.Resource == r.Item.GetType())))
            .Where(r => r.Kind is not null)
            .ToList();
        var configuration = start.Services.GetRequiredService<IConfiguration>();
        if (replaced.Count == 0 || !(configuration.GetValue<bool?>("LocalServers") ?? !await IsEngineRunningAsync(configuration, cancellationToken)))
        {
            return;
        }

        SayLocal(start.Services.GetRequiredService<ILoggerFactory>().CreateLogger("LocalServers"), string.Join(", ", replaced.Select(r => r.Container!.Name)));
        foreach (var (index, container, kind) in replaced)
        {
            var server = Create(container!, kind!, start.Services.GetRequiredService<IHostApplicationLifetime>());
            resources[index] = server;
            Connect(server, container!, kind!, start, eventing);
        }
    }

    /// <summary>Makes of the annotations of a container those of a process.</summary>
    private static LocalServerResource Create(ContainerResource container, LocalServerKind kind, IHostApplicationLifetime lifetime)
    {
        var (folder, isTemporary) = kind.DataFolder(container);
        Directory.CreateDirectory(folder);
        if (isTemporary)
        {
            // After the processes have ended.
            lifetime.ApplicationStopped.Register(() => Directory.Delete(folder, recursive: true));
        }

        // What makes it a container, to the orchestrator.
        foreach (var annotation in container.Annotations.Where(a => a is ContainerImageAnnotation or ContainerMountAnnotation).ToList())
        {
            container.Annotations.Remove(annotation);
        }

#pragma warning disable ASPIRECERTIFICATES001 // Experimental. Without it, Redis speaks TLS where a developer certificate is trusted.
        container.Annotations.Add(new HttpsCertificateAnnotation { UseDeveloperCertificate = false });
#pragma warning restore ASPIRECERTIFICATES001
        foreach (var port in kind.OwnPorts)
        {
            container.Annotations.Add(new EndpointAnnotation(System.Net.Sockets.ProtocolType.Tcp, name: port) { ExcludeReferenceEndpoint = true });
        }

        var server = new LocalServerResource(container, folder);
        var endpoints = container.Annotations.OfType<EndpointAnnotation>().ToList();
        foreach (var endpoint in endpoints)
        {
            // The image's port is for its own network. Here the server listens itself, on a port of its own unless one was asked for.
            (endpoint.IsProxied, endpoint.TargetPort, endpoint.TargetHost) = (false, null, "127.0.0.1");
        }

        server.Annotations.Add(new ResourceUrlsCallbackAnnotation(context => context.Urls.RemoveAll(u => kind.OwnPorts.Contains(u.Endpoint?.EndpointName))));
        server.Annotations.Add(new EnvironmentCallbackAnnotation(context =>
        {
            context.EnvironmentVariables["DATA"] = folder;
            context.EnvironmentVariables["TEMPORARY"] = isTemporary ? "true" : "";
            foreach (var endpoint in endpoints)
            {
                context.EnvironmentVariables[$"PORT_{endpoint.Name.ToUpperInvariant()}"] = new EndpointReference(server, endpoint).Property(EndpointProperty.TargetPort);
            }
        }));
        server.Annotations.Add(new CommandLineArgsCallbackAnnotation(arguments =>
        {
            arguments.Insert(0, Path.Combine(AppContext.BaseDirectory, "LocalServers", kind.Script));
            arguments.Insert(1, kind.Find()!);
        }));
        return server;
    }

    /// <summary>Lets the integration and the server's children learn what happens to the resource that took the container's place.</summary>
    private static void Connect(LocalServerResource server, ContainerResource container, LocalServerKind kind, BeforeStartEvent start, IDistributedApplicationEventing eventing)
    {
        // Only the integration's handlers are subscribed so far. They wait for the endpoint; the orchestrator's would mistake the container for another resource.
        var connected = eventing.PublishAsync(new ConnectionStringAvailableEvent(container, start.Services), EventDispatchBehavior.BlockingConcurrent);
        eventing.Subscribe<ConnectionStringAvailableEvent>(server, (_, token) => connected.WaitAsync(token));
        eventing.Subscribe<ResourceReadyEvent>(server, (e, token) => eventing.PublishAsync(new ResourceReadyEvent(container, e.Services), token));
        eventing.Subscribe<BeforeResourceStartedEvent>(server, (_, _) => kind.Find() is null
            ? throw new DistributedApplicationException($"No container engine is running, and {kind.Program} is not on this machine. Start Docker or Podman, or: {kind.Install}")
            : Task.CompletedTask);

        // Events go down to children by this annotation; states go down from containers only.
        var children = start.Model.Resources.Where(r => r is IResourceWithParent child && child.Parent == container).ToList();
        if (children.Count > 0)
        {
            children.ForEach(c => c.Annotations.Add(new ResourceRelationshipAnnotation(server, "Parent")));
            _ = PassStateOnAsync(server, children, start.Services);
        }
    }

    private static async Task PassStateOnAsync(LocalServerResource server, List<IResource> children, IServiceProvider services)
    {
        var notifications = services.GetRequiredService<ResourceNotificationService>();
        CustomResourceSnapshot? last = null;
        await foreach (var (_, snapshot) in notifications.WatchAsync(services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped)
            .Where(e => e.Resource == server).Select(e => (e.Resource, e.Snapshot)))
        {
            if ((snapshot.State, snapshot.StartTimeStamp, snapshot.StopTimeStamp) != (last?.State, last?.StartTimeStamp, last?.StopTimeStamp))
            {
                last = snapshot;
                foreach (var child in children)
                {
                    await notifications.PublishUpdateAsync(child, s => s with { State = snapshot.State, StartTimeStamp = snapshot.StartTimeStamp, StopTimeStamp = snapshot.StopTimeStamp });
                }
            }
        }
    }

    /// <summary>Whether containers could be run: Podman needs no service, of Docker the command alone says nothing.</summary>
    private static async Task<bool> IsEngineRunningAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var chosen = configuration["ASPIRE_CONTAINER_RUNTIME"] ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"];
        return (await Task.WhenAll((chosen is { Length: > 0 } ? [chosen] : Engines).Select(AnswersAsync))).Any(a => a);

        async Task<bool> AnswersAsync(string engine)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(EnginePatience);
            try
            {
                using var process = Process.Start(new ProcessStartInfo(engine, ["info"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
                await Task.WhenAll(process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token), process.WaitForExitAsync(patience.Token));
                return process.ExitCode == 0;
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "No container engine is used: {Servers} run as processes of this machine.")]
    private static partial void SayLocal(ILogger logger, string servers);
}
