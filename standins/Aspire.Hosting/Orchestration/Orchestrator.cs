using System.Net.Sockets;
using System.Security.Cryptography;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Orchestration;

/// <summary>Starts what the model describes when the host starts, and stops it in the reverse order when the host stops.</summary>
internal sealed partial class Orchestrator(
    DistributedApplicationModel model,
    InstanceServices services,
    IDistributedApplicationEventing eventing,
    ResourceNotificationService notifications,
    DistributedApplicationExecutionContext executionContext,
    DistributedApplicationOptions options,
    IConfiguration configuration,
    IOptions<HealthCheckServiceOptions> healthChecks,
    ILogger<DistributedApplication> logger) : IHostedService, IAsyncDisposable
{
    private readonly List<Instance> _instances = [];
    private readonly List<TcpForwarder> _forwarders = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        LogStandIn();
        LogStarting();
        LogDirectory(configuration["AppHost:Directory"]);
        services.Supervisor.Start();
        await eventing.PublishAsync(new BeforeStartEvent(services.Provider, model), cancellationToken).ConfigureAwait(false);
        ThrowIfHealthCheckMissing();
        foreach (var resource in model.Resources.Where(r => r.RunsProcesses()))
            AddInstances(resource);
        foreach (var resource in model.Resources)
            await notifications.PublishUpdateAsync(resource, s => InitialState(resource, s)).ConfigureAwait(false);
        foreach (var resource in model.Resources.OfType<IResourceWithEndpoints>())
            await ShowUrlsAsync(resource, cancellationToken).ConfigureAwait(false);
        foreach (var parameter in model.Resources.OfType<ParameterResource>())
            await ShowParameterAsync(parameter).ConfigureAwait(false);
        foreach (var resource in model.Resources.OfType<IResourceWithConnectionString>())
            await ShowConnectionStringAsync(resource, cancellationToken).ConfigureAwait(false);

        var automatic = _instances.Where(i => !i.Resource.HasAnnotationOfType<ExplicitStartupAnnotation>());
        await Task.WhenAll(automatic.Select(i => Task.Run(() => i.StartAsync(cancellationToken), cancellationToken))).ConfigureAwait(false);
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(services.Provider, model), cancellationToken).ConfigureAwait(false);
        if (!cancellationToken.IsCancellationRequested)
            LogStarted();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Each stops as soon as all that depend on it have stopped.
        var stops = new List<(Instance Instance, Task Stopped)>();
        foreach (var instance in InOrderOfStopping())
        {
            var dependents = stops.Where(s => s.Instance.Needs(instance.Resource)).Select(s => s.Stopped).ToArray();
            stops.Add((instance, StopAfterAsync(instance, dependents)));
        }

        await Task.WhenAll(stops.Select(s => s.Stopped)).ConfigureAwait(false);

        static async Task StopAfterAsync(Instance instance, Task[] dependents)
        {
            await Task.WhenAll(dependents).ConfigureAwait(false);
            await instance.StopAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        foreach (var forwarder in _forwarders)
            forwarder.Dispose();
        foreach (var instance in _instances)
            instance.Dispose();
    }

    private List<Instance> InOrderOfStopping()
    {
        var order = new List<Instance>();
        var left = _instances.ToList();
        while (left.Count > 0)
        {
            var next = left.Where(i => !left.Any(other => other != i && other.Needs(i.Resource))).ToList();
            // Resources may refer to each other: then none comes first.
            order.AddRange(next.Count > 0 ? next : left);
            left = [.. left.Except(order)];
        }

        return order;
    }

    public Instance Find(string instanceId) => _instances.First(i => i.Id == instanceId);

    private void ThrowIfHealthCheckMissing()
    {
        var registered = healthChecks.Value.Registrations.Select(r => r.Name).ToHashSet();
        foreach (var resource in model.Resources)
        {
            foreach (var check in resource.Annotations.OfType<HealthCheckAnnotation>().Where(h => !registered.Contains(h.Key)))
                throw new OptionsValidationException(Options.DefaultName, typeof(HealthCheckServiceOptions), [$"The health check '{check.Key}' of resource '{resource.Name}' is not registered."]);
        }
    }

    private void AddInstances(IResource resource)
    {
        var count = resource.GetReplicaCount();
        string[] ids = [.. Enumerable.Range(0, count).Select(_ => $"{resource.Name}-{RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz", 8)}")];
        resource.Annotations.Add(new InstancesAnnotation(ids));
        if (!resource.HasAnnotationOfType<HiddenResourceAnnotation>())
            LifecycleCommands.AddTo(resource);
        var ports = ids.Select(_ => new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)).ToArray();
        var instances = ids.Select((id, i) => new Instance(resource, id, ports[i], services)).ToArray();
        _instances.AddRange(instances);
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().ToArray())
            Allocate(resource, endpoint, ports, i => instances[i].IsRunning);
    }

    private void Allocate(IResource resource, EndpointAnnotation endpoint, Dictionary<string, int>[] ports, Func<int, bool> isRunning)
    {
        if (ports.Length > 1 && (!endpoint.IsProxied || endpoint.TargetPort is not null))
            throw new InvalidOperationException($"'{resource.Name}' has replicas, so its endpoint '{endpoint.Name}' must be proxied and cannot have a target port.");
        var isRandom = endpoint.IsProxied && configuration.GetValue("DcpPublisher:RandomizePorts", false);
        var asked = isRandom ? null : endpoint.Port;
        var listening = resource is ContainerResource ? null : endpoint.TargetPort;
        // Without a fixed port and with one instance there is nothing to forward: the process listens on the public port itself.
        var forwards = endpoint.IsProxied && (ports.Length > 1 || asked is not null || listening is not null);
        var port = asked ?? (endpoint.IsProxied ? null : listening) ?? Ports.Free();
        foreach (var own in ports)
            own[endpoint.Name] = forwards ? listening ?? Ports.Free() : port;
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", port, InstanceTokens.Port(endpoint.Name));
        if (!forwards)
        {
            if (!Ports.IsFree(port))
                services.PortTaken(resource, $"Port {port} of endpoint '{endpoint.Name}' is in use.");
            return;
        }

        try
        {
            _forwarders.Add(new TcpForwarder(port, endpoint.TargetHost, [.. ports.Select(p => p[endpoint.Name])], isRunning));
        }
        catch (SocketException e)
        {
            services.PortTaken(resource, $"Port {port} of endpoint '{endpoint.Name}' cannot be used: {e.Message}.");
        }
    }

    private CustomResourceSnapshot InitialState(IResource resource, CustomResourceSnapshot snapshot) => snapshot with
    {
        ResourceType = resource switch
        {
            ProjectResource => "Project",
            ExecutableResource => "Executable",
            ContainerResource => "Container",
            ParameterResource { IsConnectionString: true } => "ConnectionString",
            ParameterResource => "Parameter",
            _ => snapshot.ResourceType,
        },
        CreationTimeStamp = services.Now,
        Volumes = [.. resource.Annotations.OfType<ContainerMountAnnotation>().Select(m => new VolumeSnapshot(m.Source, m.Target, m.Type.ToString(), m.IsReadOnly))],
        IsHidden = resource.HasAnnotationOfType<HiddenResourceAnnotation>(),
        State = snapshot.State ?? (resource.HasAnnotationOfType<ExplicitStartupAnnotation>() ? KnownResourceStates.NotStarted : null),
        Relationships = resource is IResourceWithParent part
            ? snapshot.Relationships.Add(new RelationshipSnapshot(part.Parent.Name, "Parent"))
            : snapshot.Relationships,
        Properties = snapshot.Properties.Set(InitialProperties(resource)),
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Running on the stand-in for Aspire: servers and services are processes of this machine.")]
    private partial void LogStandIn();

    [LoggerMessage(Level = LogLevel.Information, Message = "Distributed application starting.")]
    private partial void LogStarting();

    [LoggerMessage(Level = LogLevel.Information, Message = "Application host directory is: {Directory}")]
    private partial void LogDirectory(string? directory);

    [LoggerMessage(Level = LogLevel.Information, Message = "Distributed application started. Press Ctrl+C to shut down.")]
    private partial void LogStarted();
}
