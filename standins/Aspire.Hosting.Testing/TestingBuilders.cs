using System.Reflection;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Holds the entry point where it calls Build, until the test has made its changes.</summary>
internal sealed class PausingFactory(Type entryPoint, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure) : DistributedApplicationFactory(entryPoint, args)
{
    private readonly SemaphoreSlim _goOn = new(0);
    private bool _isDisposed;

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _goOn.Release();
        return await ResolveApplicationAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _goOn.Release();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void OnBuilderCreating(DistributedApplicationOptions applicationOptions, HostApplicationBuilderSettings hostOptions) => configure(applicationOptions, hostOptions);

    protected override void OnBuilding(DistributedApplicationBuilder applicationBuilder)
    {
        _goOn.Wait();
        // The test has gone away without building: the entry point must not run what it has put together.
        ObjectDisposedException.ThrowIf(_isDisposed, this);
    }
}

internal abstract class TestingBuilder(DistributedApplicationBuilder inner) : IDistributedApplicationTestingBuilder
{
    public ConfigurationManager Configuration => inner.Configuration;

    public string AppHostDirectory => inner.AppHostDirectory;

    public Assembly? AppHostAssembly => inner.AppHostAssembly;

    public IHostEnvironment Environment => inner.Environment;

    public IServiceCollection Services => inner.Services;

    public IDistributedApplicationEventing Eventing => inner.Eventing;

    public DistributedApplicationExecutionContext ExecutionContext => inner.ExecutionContext;

    public IResourceCollection Resources => inner.Resources;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource => inner.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => inner.CreateResourceBuilder(resource);

    public DistributedApplication Build() => BuildAsync(CancellationToken.None).GetAwaiter().GetResult();

    public abstract Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);

    public abstract ValueTask DisposeAsync();

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}

/// <summary>What an AppHost's entry point has built so far.</summary>
internal sealed class EntryPointBuilder(PausingFactory factory, DistributedApplicationBuilder inner) : TestingBuilder(inner)
{
    public override async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
        new DistributedApplication(new EntryPointHost(factory, await factory.BuildAsync(cancellationToken).ConfigureAwait(false)));

    public override ValueTask DisposeAsync() => factory.DisposeAsync();

    /// <summary>The application is started, stopped and disposed of by the entry point that runs it.</summary>
    private sealed class EntryPointHost(PausingFactory factory, DistributedApplication application) : IHost, IAsyncDisposable
    {
        public IServiceProvider Services => application.Services;

        public Task StartAsync(CancellationToken cancellationToken = default) => factory.StartAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken = default) => factory.DisposeAsync().AsTask().WaitAsync(cancellationToken);

        public ValueTask DisposeAsync() => factory.DisposeAsync();

        public void Dispose() => factory.Dispose();
    }
}

/// <summary>A builder of the test's own making.</summary>
internal sealed class PlainBuilder : TestingBuilder
{
    private readonly DistributedApplicationBuilder _inner;
    private DistributedApplication? _application;

    public PlainBuilder(string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure, Assembly appHost)
        : this(Create(args, configure, appHost))
    {
    }

    private PlainBuilder(DistributedApplicationBuilder inner)
        : base(inner) => _inner = inner;

    public override Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(_application = _inner.Build());

    public override async ValueTask DisposeAsync()
    {
        if (_application is null)
            return;
        await _application.StopAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private static DistributedApplicationBuilder Create(string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure, Assembly appHost)
    {
        BuilderInterception.Current = new Defaults(args, configure, appHost);
        try
        {
            return new DistributedApplicationBuilder(new DistributedApplicationOptions());
        }
        finally
        {
            BuilderInterception.Current = null;
        }
    }

    private sealed class Defaults(string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure, Assembly appHost) : BuilderInterception
    {
        public override void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings) =>
            TestingDefaults.Apply(args, options, settings, appHost, configure);

        public override void Constructed(DistributedApplicationBuilder builder)
        {
        }

        public override void Building(DistributedApplicationBuilder builder)
        {
        }

        public override void Built(DistributedApplication application)
        {
        }
    }
}
