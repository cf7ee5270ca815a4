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
    // The whole run has to be gone ten seconds after the AppHost was asked to end, also on a busy machine.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);
    private readonly List<Instance> _instances = [];
    private readonly List<EndpointPorts> _endpoints = [];

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
        {
            await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, services.Provider), cancellationToken).ConfigureAwait(false);
            await ShowUrlsAsync(resource, cancellationToken).ConfigureAwait(false);
        }

        foreach (var parameter in model.Resources.OfType<ParameterResource>())
            await ShowParameterAsync(parameter).ConfigureAwait(false);
        foreach (var resource in model.Resources.OfType<IResourceWithConnectionString>())
        {
            await eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, services.Provider), cancellationToken).ConfigureAwait(false);
            await ShowConnectionStringAsync(resource, cancellationToken).ConfigureAwait(false);
        }

        var automatic = _instances.Where(i => !i.Resource.HasAnnotationOfType<ExplicitStartupAnnotation>());
        await Task.WhenAll(automatic.Select(i => Task.Run(() => i.StartAsync(cancellationToken), cancellationToken))).ConfigureAwait(false);
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(services.Provider, model), cancellationToken).ConfigureAwait(false);
        if (!cancellationToken.IsCancellationRequested)
            LogStarted();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var timeIsUp = Task.Delay(StopTimeout, CancellationToken.None);
        // Each stops as soon as all that depend on it have stopped.
        var stops = new List<(Instance Instance, Task Stopped)>();
        foreach (var instance in InOrderOfStopping())
        {
            var dependents = stops.Where(s => s.Instance.Needs(instance.Resource)).Select(s => s.Stopped).ToArray();
            stops.Add((instance, StopAfterAsync(instance, dependents)));
        }

        await Task.WhenAll(stops.Select(s => s.Stopped)).ConfigureAwait(false);

        async Task StopAfterAsync(Instance instance, Task[] dependents)
        {
            await Task.WhenAll(dependents).ConfigureAwait(false);
            await instance.StopAsync(timeIsUp).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        foreach (var endpoint in _endpoints)
            endpoint.Dispose();
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
        Instance[] instances = [];
        EndpointPorts[] endpoints = [.. resource.Annotations.OfType<EndpointAnnotation>().ToArray().Select(e => Allocate(resource, e, count, i => instances[i].IsRunning))];
        instances = [.. ids.Select((id, i) => new Instance(resource, id, i, endpoints, services))];
        _instances.AddRange(instances);
        _endpoints.AddRange(endpoints);
    }

    private EndpointPorts Allocate(IResource resource, EndpointAnnotation endpoint, int instances, Func<int, bool> isRunning)
    {
        if (instances > 1 && (!endpoint.IsProxied || endpoint.TargetPort is not null))
            throw new InvalidOperationException($"'{resource.Name}' has replicas, so its endpoint '{endpoint.Name}' must be proxied and cannot have a target port.");
        var isRandom = endpoint.IsProxied && configuration.GetValue("DcpPublisher:RandomizePorts", false);
        return new EndpointPorts(
            endpoint,
            asked: isRandom ? null : endpoint.Port,
            listening: resource is ContainerResource ? null : endpoint.TargetPort,
            instances,
            isRunning,
            onMoved: cancellationToken => ShowAddressesAsync((IResourceWithEndpoints)resource, cancellationToken));
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
