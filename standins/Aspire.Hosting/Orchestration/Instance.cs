using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>One running copy of a project, executable or server: starts it, watches it, stops it, and says in its state which of these it is doing.</summary>
internal sealed class Instance(IResource resource, string id, int index, IReadOnlyList<EndpointPorts> endpoints, InstanceServices services) : IDisposable
{
    private const string Restarting = nameof(Restarting);
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private CancellationTokenSource _starting = new();
    private TaskCompletionSource _noMoreWaiting = new();
    private ChildProcess? _process;
    private Task _ended = Task.CompletedTask;
    private CancellationTokenSource? _restart;
    private int _failures;
    private bool _stopping;
    private bool _disposed;

    public string Id => id;

    public IResource Resource => resource;

    /// <summary>Whether the other resource has to outlive this instance. The dashboard takes a service's last telemetry.</summary>
    public bool Needs(IResource other) => other != resource && ((resource is ProjectResource && other.HasAnnotationOfType<HiddenResourceAnnotation>()) || resource.Dependencies().Contains(other));

    public bool IsRunning => _process is { Exited.IsCompleted: false };

    /// <summary>Starts the instance when what it waits for is there. A failure to start is a state of the resource, not an exception.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Asked to start while it waits, it stops waiting.
        _noMoreWaiting.TrySetResult();
        _restart?.Cancel();
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (IsRunning)
                return;
            _stopping = false;
            _noMoreWaiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _starting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, services.Stopping);
            await TryStartAsync(_starting.Token).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <param name="timeIsUp">Completes when the process is to be killed, if its own time is not up before.</param>
    public async Task StopAsync(Task? timeIsUp = null)
    {
        if (_disposed)
            return;
        _stopping = true;
        await _starting.CancelAsync().ConfigureAwait(false);
        _restart?.Cancel();
        await _oneAtATime.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_process is not { Exited.IsCompleted: false } process)
                return;
            await PublishAsync(s => s with { State = KnownResourceStates.Stopping }).ConfigureAwait(false);
            await process.StopAsync(timeIsUp).ConfigureAwait(false);
            await _ended.ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _oneAtATime.Dispose();
        _starting.Dispose();
    }

    private async Task TryStartAsync(CancellationToken cancellationToken)
    {
        var logger = services.Loggers.GetLogger(id);
        try
        {
            await PublishAsync(Starting).ConfigureAwait(false);
            await services.Eventing.PublishAsync(new BeforeResourceStartedEvent(resource, services.Provider), cancellationToken).ConfigureAwait(false);
            await WaitForDependenciesAsync(cancellationToken).ConfigureAwait(false);
            await PublishAsync(s => s with { State = KnownResourceStates.Starting }).ConfigureAwait(false);
            var ports = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
            foreach (var endpoint in endpoints)
                ports[endpoint.Name] = await endpoint.MakeFreeAsync(index, logger, cancellationToken).ConfigureAwait(false);

            var (plan, given) = await services.Planner.PlanAsync(resource, id, ports, logger, cancellationToken).ConfigureAwait(false);
            var log = services.Loggers.Log(id);
            var process = ChildProcess.Start(plan, log.Write);
            _process = process;
            services.Supervisor.Watch(process.Id, plan.StopSignal);
            await PublishAsync(s => Running(s, plan, given, process.Id)).ConfigureAwait(false);
            _ended = OnEndAsync(process);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await PublishAsync(s => s with { State = KnownResourceStates.NotStarted }).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            services.LogFailure(logger, resource, e);
            await PublishAsync(s => s with
            {
                State = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
                StopTimeStamp = services.Now,
                Properties = e is CannotStartException ? s.Properties.Set(new ResourcePropertySnapshot("resource.reason", e.Message)) : s.Properties,
            }).ConfigureAwait(false);
        }
    }

    private async Task WaitForDependenciesAsync(CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = services.Notifications.WaitForDependenciesAsync(resource, id, both.Token);
        var first = await Task.WhenAny(waiting, _noMoreWaiting.Task).ConfigureAwait(false);
        await both.CancelAsync().ConfigureAwait(false);
        if (first == waiting)
            await waiting.ConfigureAwait(false);
        else
            await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task OnEndAsync(ChildProcess process)
    {
        var code = await process.Exited.ConfigureAwait(false);
        // A container is Exited, a process of this machine Finished, whatever its exit code.
        var state = resource is ContainerResource ? KnownResourceStates.Exited : KnownResourceStates.Finished;
        await PublishAsync(s => s with
        {
            State = state,
            ExitCode = code,
            StopTimeStamp = services.Now,
            Urls = [.. s.Urls.Select(u => u with { IsInactive = true })],
        }).ConfigureAwait(false);
        if (services.Notifications.TryGetCurrentState(id, out var ended))
            await services.Eventing.PublishAsync(new ResourceStoppedEvent(resource, services.Provider, ended), CancellationToken.None).ConfigureAwait(false);
        if (_stopping)
            return;
        services.Loggers.GetLogger(id).LogWarning("The process ended by itself with exit code {Code}.", code);
        // One of several is expected to be there; a resource of its own may end when it has done its work.
        if (resource.GetReplicaCount() > 1)
            _ = StartAgainAsync();
    }

    /// <summary>The sooner it ended, the longer it is left alone: 1, 2, 4 … 30 seconds.</summary>
    private async Task StartAgainAsync()
    {
        var ranFor = services.Now - (services.Notifications.TryGetCurrentState(id, out var last) ? last.Snapshot.StartTimeStamp : null);
        _failures = ranFor > TimeSpan.FromMinutes(1) ? 0 : Math.Min(_failures + 1, 5);
        var delay = TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, Math.Max(0, _failures - 1))));
        services.Loggers.GetLogger(id).LogWarning("Starting it again in {Delay} s.", delay.TotalSeconds);
        await PublishAsync(s => s with { State = new ResourceStateSnapshot(Restarting, KnownResourceStateStyles.Warn) }).ConfigureAwait(false);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(services.Stopping);
        _restart = waiting;
        await Task.Delay(delay, waiting.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _restart = null;
        if (_stopping || services.Stopping.IsCancellationRequested)
            await PublishAsync(s => s.State?.Text == Restarting ? s with { State = KnownResourceStates.Finished } : s).ConfigureAwait(false);
        else
            await StartAsync(services.Stopping).ConfigureAwait(false);
    }

    private CustomResourceSnapshot Starting(CustomResourceSnapshot snapshot) => snapshot with
    {
        State = KnownResourceStates.Starting,
        StartTimeStamp = null,
        StopTimeStamp = null,
        ExitCode = null,
        Ready = null,
        Properties = snapshot.Properties.RemoveAll(p => p.Name == "resource.reason"),
        HealthReports = InstanceServices.InitialHealth(resource),
    };

    private CustomResourceSnapshot Running(CustomResourceSnapshot snapshot, LaunchPlan plan, SortedDictionary<string, string> given, int processId) => snapshot with
    {
        State = KnownResourceStates.Running,
        StartTimeStamp = services.Now,
        EnvironmentVariables = [.. given.Select(v => new EnvironmentVariableSnapshot(v.Key, v.Value, IsFromSpec: true))],
        Urls = [.. snapshot.Urls.Select(u => u with { IsInactive = false })],
        Properties = snapshot.Properties.Set(
            Detail("executable.path", "Program", 2, plan.Shown?[0] ?? plan.Command),
            Detail("executable.args", "Arguments", 3, (plan.Shown?.Skip(1) ?? plan.Arguments).ToArray()) with { IsSensitive = true },
            Detail("executable.workDir", "Working folder", 4, plan.WorkingDirectory),
            Detail("executable.pid", "Process id", 5, processId)),
    };

    private static ResourcePropertySnapshot Detail(string name, string displayName, int order, object? value) =>
        new(name, value) { DisplayName = displayName, IsHighlighted = true, SortOrder = order };

    private Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) => services.PublishAsync(resource, id, change);
}
