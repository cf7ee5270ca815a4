using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;

    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args })
    {
    }

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        var interception = BuilderInterception.Current;
        var settings = new HostApplicationBuilderSettings { Args = options.Args };
        interception?.Constructing(options, settings);

        AppHostAssembly = options.FindAssembly();
        settings.Configuration ??= new ConfigurationManager();
        settings.Configuration.AddEnvironmentVariables(prefix: "ASPIRE_");
        _host = new HostApplicationBuilder(settings);

        AppHostDirectory = options.ProjectDirectory ?? ProjectDirectory(AppHostAssembly) ?? _host.Environment.ContentRootPath;
        var path = Path.GetFullPath(Path.Join(AppHostDirectory, _host.Environment.ApplicationName));
        Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AppHost:Directory"] = AppHostDirectory,
            ["AppHost:Path"] = path,
            ["AppHost:DashboardApplicationName"] = options.DashboardApplicationName ?? _host.Environment.ApplicationName,
            ["AppHost:Sha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(path.ToLowerInvariant()))),
        });

        if (Configuration["publisher"] is not null || string.Equals(Configuration["operation"], "publish", StringComparison.OrdinalIgnoreCase))
            throw new DistributedApplicationException("Publishing needs the Aspire packages themselves; their stand-ins only run an application (standins/README.md).");
        ExecutionContext = new DistributedApplicationExecutionContext(DistributedApplicationOperation.Run);
        AddLogging();
        Services.AddOrchestration(this, options);
        if (!options.DisableDashboard)
        {
            Configuration.AddDashboardKeys(UserSecretsFile.For(AppHostAssembly));
            this.AddDashboardResource();
        }

        interception?.Constructed(this);
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; }

    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.TryGetByName(resource.Name, out var existing))
            throw new DistributedApplicationException($"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of type '{existing.GetType()}' with that name already exists. Resource names are case-insensitive.");
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        var interception = BuilderInterception.Current;
        interception?.Building(this);
        var application = new DistributedApplication(_host.Build());
        ExecutionContext.Services = application.Services;
        interception?.Built(application);
        return application;
    }

    internal static string? ProjectDirectory(Assembly? assembly) => assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => string.Equals(a.Key, "AppHostProjectPath", StringComparison.OrdinalIgnoreCase))?.Value is { } path && Directory.Exists(path) ? path : null;

    private void AddLogging()
    {
        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        _host.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        _host.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        // Once more, so that the application's own settings win over the defaults above.
        _host.Logging.AddConfiguration(Configuration.GetSection("Logging"));
    }
}

/// <summary>Lets the testing package take part in the construction of a builder by an AppHost's own entry point.</summary>
internal abstract class BuilderInterception
{
    private static readonly AsyncLocal<BuilderInterception?> Ambient = new();

    public static BuilderInterception? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    public abstract void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    public abstract void Constructed(DistributedApplicationBuilder builder);

    public abstract void Building(DistributedApplicationBuilder builder);

    public abstract void Built(DistributedApplication application);
}
