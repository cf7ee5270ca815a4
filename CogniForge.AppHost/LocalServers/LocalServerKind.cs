using Microsoft.Extensions.FileSystemGlobbing;

namespace CogniForge.AppHost.LocalServers;

/// <summary>How to find and run a server that otherwise comes as a container.</summary>
/// <param name="Resource">The container resource that it replaces.</param>
/// <param name="Script">The script that does what the image's entrypoint does.</param>
/// <param name="Program">The server's program on the PATH.</param>
/// <param name="Locations">Where else packages install it: searched first, newest version first.</param>
/// <param name="DataTarget">Where the image keeps its data. A volume or bind mount there, or below, is a folder here.</param>
/// <param name="Install">The command that installs it.</param>
/// <param name="AdditionalPorts">Names of further ports that it needs.</param>
internal sealed record LocalServerKind(
    Type Resource,
    string Script,
    string Program,
    string[] Locations,
    string DataTarget,
    string Install,
    params string[] AdditionalPorts
)
{
    private static readonly LocalServerKind[] _all =
    [
        new(
            typeof(PostgresServerResource),
            "postgres.sh",
            "postgres",
            [
                "usr/lib/postgresql/*/bin/postgres",
                "usr/pgsql-*/bin/postgres",
                "opt/homebrew/opt/postgresql@*/bin/postgres",
                "usr/local/opt/postgresql@*/bin/postgres",
            ],
            "/var/lib/postgresql",
            "sudo apt-get install postgresql, or brew install postgresql@17"
        ),
        new(
            typeof(RedisResource),
            "redis.sh",
            "redis-server",
            [],
            "/data",
            "sudo apt-get install redis-server, or brew install redis"
        ),
        // Debian's wrapper on the PATH insists on its system user and folders, so RabbitMQ's own start script comes first.
        new(
            typeof(RabbitMQServerResource),
            "rabbitmq.sh",
            "rabbitmq-server",
            [
                "usr/lib/rabbitmq/lib/*/sbin/rabbitmq-server",
                "opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server",
                "usr/local/opt/rabbitmq/sbin/rabbitmq-server",
            ],
            "/var/lib/rabbitmq",
            "sudo apt-get install rabbitmq-server, or brew install rabbitmq",
            "epmd",
            "dist"
        ),
    ];

    /// <summary>The kind that can replace a container, or null.</summary>
    public static LocalServerKind? For(ContainerResource container) =>
        Array.Find(_all, kind => kind.Resource == container.GetType());

    /// <summary>The program's path. Searches at each call, because it may be installed while the AppHost runs.</summary>
    public string? FindProgram()
    {
        var locations = new Matcher();
        locations.AddIncludePatterns(Locations);
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return locations
            .GetResultsInFullPath("/")
            .OrderByDescending(path => path.Length)
            .ThenByDescending(path => path, StringComparer.Ordinal)
            .Concat(folders.Select(folder => Path.Combine(folder, Program)))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>The folder of the volume or bind mount, or a temporary one that goes with this run.</summary>
    public (string Path, bool IsTemporary) GetDataFolder(IResource container)
    {
        var mount = container
            .Annotations.OfType<ContainerMountAnnotation>()
            .LastOrDefault(m => m.Target.StartsWith(DataTarget, StringComparison.Ordinal));
        return mount switch
        {
            { Type: ContainerMountType.Volume, Source: { } name } => (Path.Combine(Volumes, name), false),
            { Type: ContainerMountType.BindMount, Source: { } path } => (path, false),
            _ => (Directory.CreateTempSubdirectory($"aspire-{container.Name}-").FullName, true),
        };
    }

    // Root's home is closed to the users that servers run as.
    private static string Volumes =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data
                : Environment.IsPrivilegedProcess ? "/var/lib"
                : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
            "aspire",
            "volumes"
        );
}
