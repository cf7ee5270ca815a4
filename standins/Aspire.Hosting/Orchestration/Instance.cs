using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>One running copy of a project, executable or server: starts it, watches it, stops it, and says in its state which of these it is doing.</summary>
internal sealed class Instance(IResource resource, string id, IReadOnlyDictionary<string, int> ports, InstanceServices services) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private CancellationTokenSource _starting = new();
    private TaskCompletionSource _noMoreWaiting = new();
    private ChildProcess? _process;
    private Task _ended = Task.CompletedTask;
    private bool _stopping;
    private bool _disposed;

    public string Id => id;

    public IResource Resource => resource;

    public bool IsRunning => _process is { Exited.IsCompleted: false };

    /// <summary>Starts the instance when what it waits for is there. A failure to start is a state of the resource, not an exception.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Asked to start while it waits, it stops waiting.
        _noMoreWaiting.TrySetResult();
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

    public async Task StopAsync()
    {
        if (_disposed)
            return;
        _stopping = true;
        await _starting.CancelAsync().ConfigureAwait(false);
        await _oneAtATime.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_process is not { Exited.IsCompleted: false } process)
                return;
            await PublishAsync(s => s with { State = KnownResourceStates.Stopping }).ConfigureAwait(false);
            await process.StopAsync().ConfigureAwait(false);
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
            services.ThrowIfPortTaken(resource);

            var (plan, given) = await services.Planner.PlanAsync(resource, id, ports, logger, cancellationToken).ConfigureAwait(false);
            var log = services.Loggers.Log(id);
            var process = ChildProcess.Start(plan, log.Write);
            _process = process;
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
        if (!_stopping)
            services.Loggers.GetLogger(id).LogWarning("The process ended by itself with exit code {Code}.", code);
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
            new("executable.path", plan.Command),
            new("executable.workDir", plan.WorkingDirectory),
            new("executable.args", plan.Arguments.ToArray()) { IsSensitive = true },
            new("executable.pid", processId)),
    };

    private Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) => services.PublishAsync(resource, id, change);
}
