using System.Net.Sockets;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CogniForge.AppHost.LocalServers;

/// <summary>Replaces the model's containers with processes while the application starts.</summary>
internal sealed class ContainerReplacement(BeforeStartEvent start, IDistributedApplicationEventing eventing)
{
    private readonly IHostApplicationLifetime _lifetime = start.Services.GetRequiredService<IHostApplicationLifetime>();

    /// <summary>Replaces the container with a process.</summary>
    public LocalServerResource Replace(ContainerResource container, LocalServerKind kind)
    {
        var server = Create(container, kind);
        start.Model.Resources[start.Model.Resources.IndexOf(container)] = server;
        ForwardEvents(server, container, kind);
        new StateForwarder(start).Forward(server, container);
        return server;
    }

    private LocalServerResource Create(ContainerResource container, LocalServerKind kind)
    {
        var (folder, isTemporary) = kind.GetDataFolder(container);
        Directory.CreateDirectory(folder);
        if (isTemporary)
        {
            // By then the processes have ended.
            _lifetime.ApplicationStopped.Register(() => Directory.Delete(folder, recursive: true));
        }

        // The orchestrator treats a resource with these annotations as a container.
        foreach (
            var annotation in container
                .Annotations.Where(a => a is ContainerImageAnnotation or ContainerMountAnnotation)
                .ToList()
        )
        {
            container.Annotations.Remove(annotation);
        }

#pragma warning disable ASPIRECERTIFICATES001 // Experimental. Otherwise Redis uses TLS if a certificate is trusted.
        container.Annotations.Add(new HttpsCertificateAnnotation { UseDeveloperCertificate = false });
#pragma warning restore ASPIRECERTIFICATES001
        foreach (var port in kind.AdditionalPorts)
        {
            container.Annotations.Add(
                new EndpointAnnotation(ProtocolType.Tcp, name: port) { ExcludeReferenceEndpoint = true }
            );
        }

        var server = new LocalServerResource(container, folder, isTemporary);
        Listen(server, kind);
        SetCommandLine(server, kind);
        return server;
    }

    /// <summary>Lets the server itself listen on its endpoints, on loopback.</summary>
    private static void Listen(LocalServerResource server, LocalServerKind kind)
    {
        var endpoints = server.Annotations.OfType<EndpointAnnotation>().ToList();
        foreach (var endpoint in endpoints)
        {
            // The image's target port is valid only in its own network. Without one, the orchestrator picks a free
            // port.
            (endpoint.IsProxied, endpoint.TargetPort, endpoint.TargetHost) = (false, null, "127.0.0.1");
        }

        server.Annotations.Add(
            new ResourceUrlsCallbackAnnotation(context =>
                context.Urls.RemoveAll(url => kind.AdditionalPorts.Contains(url.Endpoint?.EndpointName))
            )
        );
        server.Annotations.Add(
            new EnvironmentCallbackAnnotation(context =>
            {
                context.EnvironmentVariables["DATA"] = server.WorkingDirectory;
                context.EnvironmentVariables["TEMPORARY"] = server.IsTemporary ? "true" : "";
                foreach (var endpoint in endpoints)
                {
                    context.EnvironmentVariables[$"PORT_{endpoint.Name.ToUpperInvariant()}"] = new EndpointReference(
                        server,
                        endpoint
                    ).Property(EndpointProperty.TargetPort);
                }
            })
        );
    }

    private static void SetCommandLine(LocalServerResource server, LocalServerKind kind) =>
        server.Annotations.Add(
            new CommandLineArgsCallbackAnnotation(arguments =>
            {
                arguments.Insert(0, Path.Combine(AppContext.BaseDirectory, "LocalServers", kind.Script));
                arguments.Insert(1, kind.FindProgram()!);
            })
        );

    /// <summary>
    /// Forwards the server's events to the handlers that the integration subscribed for the container.
    /// </summary>
    private void ForwardEvents(LocalServerResource server, ContainerResource container, LocalServerKind kind)
    {
        // So far only the integration's handlers are subscribed, and they wait for the endpoint. Later, the event would
        // also reach the orchestrator's handlers, which reject a resource that is no longer in the model.
        var connected = eventing.PublishAsync(
            new ConnectionStringAvailableEvent(container, start.Services),
            EventDispatchBehavior.BlockingConcurrent
        );
        eventing.Subscribe<ConnectionStringAvailableEvent>(server, (_, token) => connected.WaitAsync(token));
        eventing.Subscribe<ResourceReadyEvent>(
            server,
            (e, token) => eventing.PublishAsync(new ResourceReadyEvent(container, e.Services), token)
        );
        eventing.Subscribe<BeforeResourceStartedEvent>(
            server,
            (_, _) =>
                kind.FindProgram() is null
                    ? throw new DistributedApplicationException(
                        $"No container engine is in use, and {kind.Program} is not installed on this machine. "
                            + $"Start Docker or Podman, or: {kind.Install}"
                    )
                    : Task.CompletedTask
        );
    }
}
