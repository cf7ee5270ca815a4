using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CogniForge.AppHost.LocalServers;

/// <summary>Runs Postgres, Redis and RabbitMQ as processes of this machine when no container engine runs.</summary>
internal static partial class LocalServersExtensions
{
    /// <summary>The setting that overrides the choice: true for processes, false for containers.</summary>
    public const string Setting = "LocalServers";

    /// <summary>
    /// Chooses containers or processes when the application starts; publishing always uses containers.
    /// </summary>
    /// <remarks>Call it before adding the servers: AddRedis registers a BeforeStart handler that enables TLS.</remarks>
    public static void AddLocalServers(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            builder.Eventing.Subscribe<BeforeStartEvent>(
                (start, cancellationToken) => ChooseAsync(start, builder, cancellationToken)
            );
        }
    }

    private static async Task ChooseAsync(
        BeforeStartEvent start,
        IDistributedApplicationBuilder builder,
        CancellationToken cancellationToken
    )
    {
        var servers = start
            .Model.Resources.OfType<ContainerResource>()
            .Select(container => (Container: container, Kind: LocalServerKind.For(container)))
            .Where(server => server.Kind is not null)
            .ToList();
        if (servers.Count == 0)
        {
            return;
        }

        var logger = start.Services.GetRequiredService<ILoggerFactory>().CreateLogger(Setting);
        var names = string.Join(", ", servers.Select(s => s.Container.Name));
        var setting = ParseSetting(builder.Configuration[Setting]);
        var engine = setting == true ? null : await ContainerEngine.FindAsync(builder.Configuration, cancellationToken);
        if (engine is not null)
        {
            var volumes = servers
                .SelectMany(s => s.Container.Annotations.OfType<ContainerMountAnnotation>())
                .Select(mount => mount.Source);
            LogContainers(logger, names, engine, Describe(volumes));
            return;
        }

        if (setting == false || OperatingSystem.IsWindows())
        {
            throw new DistributedApplicationException(
                $"{(setting == false ? $"{Setting}=false requires containers" : "Windows requires containers")}, "
                    + "but no container engine responds (docker info, podman info). Start Docker or Podman"
                    + $"{(setting == false ? $", or remove the setting {Setting}" : "")}."
            );
        }

        var replacement = new ContainerReplacement(start, builder.Eventing);
        var local = servers.ConvertAll(server => replacement.Replace(server.Container, server.Kind!));
        LogProcesses(logger, names, Describe(local.Where(s => !s.IsTemporary).Select(s => s.WorkingDirectory)));
    }

    private static bool? ParseSetting(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : bool.TryParse(text, out var value) ? value
        : throw new DistributedApplicationException($"{Setting} must be true or false, not '{text}'.");

    private static string Describe(IEnumerable<string?> places) =>
        string.Join(", ", places) is { Length: > 0 } list ? list : "nowhere; it is deleted after the run";

    [LoggerMessage(
        LogLevel.Information,
        "{Servers} run in containers ({Engine}). Data is kept in: {Volumes}. Processes keep separate data."
    )]
    private static partial void LogContainers(ILogger logger, string servers, string engine, string volumes);

    [LoggerMessage(
        LogLevel.Information,
        "{Servers} run as processes. Data is kept in: {Folders}. Containers keep separate data."
    )]
    private static partial void LogProcesses(ILogger logger, string servers, string folders);
}
