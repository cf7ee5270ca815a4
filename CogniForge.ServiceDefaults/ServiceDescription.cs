using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace CogniForge.ServiceDefaults;

/// <summary>A service: its discoverable name, its database, its tracer and its meter.</summary>
public sealed class ServiceDescription : IDisposable
{
    /// <summary>Creates the description.</summary>
    /// <param name="name">
    /// The resource name, e.g. <c>llm</c>: the prefix of its scopes and the source of its events.
    /// </param>
    /// <param name="database">The name of the connection string of its own database, e.g. <c>llmdb</c>.</param>
    /// <param name="assembly">
    /// The service's assembly: it embeds the migrations and names the tracer and the meter.
    /// </param>
    public ServiceDescription(string name, string database, Assembly assembly)
    {
        Name = name;
        Database = database;
        Assembly = assembly;
        Version = assembly.GetName().Version?.ToString(3) ?? "0.0.0";
        ActivitySource = new ActivitySource(assembly.GetName().Name!, Version);
        Meter = new Meter(assembly.GetName().Name!, Version);
    }

    /// <summary>The resource name, e.g. <c>llm</c>.</summary>
    public string Name { get; }

    /// <summary>The name of the connection string of the service's own database.</summary>
    public string Database { get; }

    /// <summary>The service's assembly.</summary>
    public Assembly Assembly { get; }

    /// <summary>The service's version, e.g. <c>1.0.0</c>.</summary>
    public string Version { get; }

    /// <summary>The <c>source</c> of the service's CloudEvents.</summary>
    public string EventSource => $"/cogniforge/{Name}";

    /// <summary>The service's tracer.</summary>
    public ActivitySource ActivitySource { get; }

    /// <summary>The service's meter; <c>/metrics</c> serves its metrics.</summary>
    public Meter Meter { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        ActivitySource.Dispose();
        Meter.Dispose();
    }
}
