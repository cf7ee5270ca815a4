using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>How an application under test differs from one that is run: random ports, no dashboard, and the settings of the AppHost's launch profile.</summary>
internal static class TestingDefaults
{
    // Under these, a host looks for its own settings among the environment variables.
    private static readonly string[] Prefixes = ["DOTNET_", "ASPNETCORE_"];

    public static void Apply(string[] args, DistributedApplicationOptions options, HostApplicationBuilderSettings settings, Assembly appHost, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
    {
        settings.Args = [.. settings.Args ?? [], .. args];
        settings.ApplicationName = appHost.GetName().Name;
        options.Args = settings.Args;
        options.AssemblyName = settings.ApplicationName;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        settings.Configuration ??= new ConfigurationManager();
        var folder = DistributedApplicationBuilder.ProjectDirectory(appHost);
        settings.ContentRootPath = folder ?? settings.ContentRootPath;
        SetDefaults(settings, new()
        {
            ["DcpPublisher:ContainerRuntimeInitializationTimeout"] = "00:00:30",
            ["DcpPublisher:RandomizePorts"] = "true",
            ["DcpPublisher:WaitForResourceCleanup"] = "true",
            ["ASPNETCORE_URLS"] = "http://localhost:8080",
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://localhost:4317",
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
        });
        configure(options, settings);
        if (folder is not null && LaunchSettings.ReadFrom(folder) is { Profiles.Count: > 0 } launch)
            SetDefaults(settings, FromProfile(launch, Known(settings)["DOTNET_LAUNCH_PROFILE"]));
    }

    private static Dictionary<string, string?> FromProfile(LaunchSettings launch, string? asked)
    {
        var name = string.IsNullOrEmpty(asked) ? launch.Profiles.First().Key : asked;
        if (!launch.Profiles.TryGetValue(name, out var profile))
            throw new InvalidOperationException($"The configured launch profile, '{name}', was not found in the launch settings file.");
        var values = new Dictionary<string, string?> { ["DOTNET_LAUNCH_PROFILE"] = name };
        foreach (var (key, value) in profile.EnvironmentVariables)
        {
            values[key] = value;
            foreach (var prefix in Prefixes.Where(p => key.StartsWith(p, StringComparison.OrdinalIgnoreCase)))
                values[key[prefix.Length..]] = value;
        }

        return values;
    }

    private static void SetDefaults(HostApplicationBuilderSettings settings, Dictionary<string, string?> defaults)
    {
        var known = Known(settings);
        settings.Configuration!.AddInMemoryCollection(defaults.Where(d => known[d.Key] is null).ToArray());
    }

    private static ConfigurationManager Known(HostApplicationBuilderSettings settings)
    {
        var known = new ConfigurationManager();
        known.AddCommandLine(settings.Args ?? []);
        known.AddConfiguration(settings.Configuration!);
        return known;
    }
}
