using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Runs an AppHost's own entry point on a thread of its own and takes part in what it builds.</summary>
public class DistributedApplicationFactory : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan EntryPointTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);
    private readonly Type _entryPoint;
    private readonly string[] _args;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isRunning;

    public DistributedApplicationFactory(Type entryPoint)
        : this(entryPoint, [])
    {
    }

    public DistributedApplicationFactory(Type entryPoint, string[] args)
    {
        _entryPoint = entryPoint;
        _args = args;
        // Whoever waits for one of these sees the failure; nobody has to wait for all of them.
        foreach (var task in new Task[] { _builder.Task, _application.Task, _started.Task, _ended.Task })
            _ = task.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private DistributedApplication Started => _started.Task.IsCompletedSuccessfully
        ? _application.Task.GetAwaiter().GetResult()
        : throw new InvalidOperationException("The application has not been initialized.");

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, this);
        EnsureRunning();
        await _started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public HttpClient CreateHttpClient(string resourceName, string? endpointName = default) => Started.CreateHttpClient(resourceName, endpointName);

    public ValueTask<string?> GetConnectionString(string resourceName) => Started.GetConnectionStringAsync(resourceName);

    public Uri GetEndpoint(string resourceName, string? endpointName = default) => Started.GetEndpoint(resourceName, endpointName);

    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_disposing.IsCancellationRequested)
            return;
        await _disposing.CancelAsync().ConfigureAwait(false);
        _builder.TrySetCanceled();
        _started.TrySetCanceled();
        if (!_application.Task.IsCompletedSuccessfully)
        {
            _application.TrySetCanceled();
        }
        else
        {
            // The entry point runs the application: it ends, and disposes of it, when that is asked to stop.
            var application = await _application.Task.ConfigureAwait(false);
            Stop(application);
            await _ended.Task.WaitAsync(StopTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await application.DisposeAsync().ConfigureAwait(false);
        }

        GC.SuppressFinalize(this);
    }

    internal async Task<DistributedApplicationBuilder> ResolveBuilderAsync(CancellationToken cancellationToken)
    {
        EnsureRunning();
        return await _builder.Task.WaitAsync(EntryPointTimeout, cancellationToken).ConfigureAwait(false);
    }

    internal async Task<DistributedApplication> ResolveApplicationAsync(CancellationToken cancellationToken) =>
        await _application.Task.WaitAsync(cancellationToken).ConfigureAwait(false);

    protected virtual void OnBuilderCreating(DistributedApplicationOptions applicationOptions, HostApplicationBuilderSettings hostOptions)
    {
    }

    protected virtual void OnBuilderCreated(DistributedApplicationBuilder applicationBuilder)
    {
    }

    protected virtual void OnBuilding(DistributedApplicationBuilder applicationBuilder)
    {
    }

    protected virtual void OnBuilt(DistributedApplication application)
    {
    }

    private static void Stop(DistributedApplication application)
    {
        try
        {
            application.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    private void EnsureRunning()
    {
        lock (_lock)
        {
            if (_isRunning)
                return;
            _isRunning = true;
            var entry = _entryPoint.Assembly.EntryPoint
                ?? throw new InvalidOperationException($"Assembly of specified type {_entryPoint.Name} does not have an entry point.");
            new Thread(() => Run(entry)) { IsBackground = true, Name = "AppHost" }.Start();
        }
    }

    private void Run(MethodInfo entry)
    {
        BuilderInterception.Current = new Interception(this);
        try
        {
            var result = entry.Invoke(null, entry.GetParameters().Length == 0 ? [] : [_args]);
            if (result is Task task)
                task.GetAwaiter().GetResult();
            _ended.TrySetResult();
            Fail(new InvalidOperationException("The entry point exited without ever building an application."));
        }
        catch (Exception e)
        {
            var reason = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            Fail(reason is AggregateException { InnerExceptions: [var only] } ? only : reason);
            _ended.TrySetResult();
        }
    }

    private void Fail(Exception reason)
    {
        _builder.TrySetException(reason);
        _application.TrySetException(reason);
        _started.TrySetException(reason);
    }

    private sealed class Interception(DistributedApplicationFactory factory) : BuilderInterception
    {
        public override void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings) =>
            TestingDefaults.Apply(factory._args, options, settings, factory._entryPoint.Assembly, factory.OnBuilderCreating);

        public override void Constructed(DistributedApplicationBuilder builder) => factory.OnBuilderCreated(builder);

        public override void Building(DistributedApplicationBuilder builder)
        {
            factory._builder.TrySetResult(builder);
            factory.OnBuilding(builder);
            builder.Services.AddHostedService(_ => new StartedSignal(factory));
        }

        public override void Built(DistributedApplication application)
        {
            factory._application.TrySetResult(application);
            factory.OnBuilt(application);
        }
    }

    /// <summary>The last of the hosted services: when its turn has come, the others have started.</summary>
    private sealed class StartedSignal(DistributedApplicationFactory factory) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken)
        {
            factory._started.TrySetResult();
            return Task.CompletedTask;
        }

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
