using Yarp.ReverseProxy.Configuration;

namespace CogniForge.Bench.Processes;

/// <summary>The usual .NET reverse proxy, with one route to the provider.</summary>
internal static class YarpForwarder
{
    /// <summary>The argument that makes this program run as the proxy; the provider's address follows it.</summary>
    public const string Argument = "yarp";

    public static string Version { get; } =
        typeof(RouteConfig).Assembly.GetName().Version is { } v ? $"YARP {v.Major}.{v.Minor}" : "YARP";

    /// <summary>Serves until the process ends.</summary>
    public static Task RunAsync(Uri provider)
    {
        const string Provider = "provider";
        var builder = WebApplication.CreateBuilder();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Yarp", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder
            .Services.AddReverseProxy()
            .LoadFromMemory(
                [
                    new RouteConfig
                    {
                        RouteId = Provider,
                        ClusterId = Provider,
                        Match = new() { Path = "/v1/{**path}" },
                    },
                ],
                [
                    new ClusterConfig
                    {
                        ClusterId = Provider,
                        Destinations = new Dictionary<string, DestinationConfig>
                        {
                            [Provider] = new() { Address = provider.ToString() },
                        },
                    },
                ]
            );
        var app = builder.Build();
        app.MapReverseProxy();
        return app.RunAsync();
    }
}
