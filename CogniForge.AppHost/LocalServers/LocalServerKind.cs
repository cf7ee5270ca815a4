using Microsoft.Extensions.FileSystemGlobbing;

namespace CogniForge.AppHost.LocalServers;

/// <summary>How to find a server on this machine and run it in place of its container.</summary>
/// <param name="Resource">The type of the container resource that it replaces.</param>
/// <param name="Script">The script that does the work of the image's entrypoint.</param>
/// <param name="Program">The name of the server's program on the PATH.</param>
/// <param name="Locations">Other install locations: searched before the PATH, newest version first.</param>
/// <param name="DataTarget">The image's data folder; a volume or bind mount at or below it becomes a local
/// folder.</param>
/// <param name="Install">The command that installs the server.</param>
/// <param name="AdditionalPorts">The names of further ports that the server needs.</param>
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
        // Debian's wrapper on the PATH requires its own user and folders, so RabbitMQ's own start script comes first.
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

    /// <summary>The kind that can replace the container, or null.</summary>
    public static LocalServerKind? For(ContainerResource container) =>
        Array.Find(_all, kind => kind.Resource == container.GetType());

    /// <summary>The program's path, searched at each call: it may be installed while the AppHost runs.</summary>
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

    /// <summary>The folder for the volume or bind mount, or a temporary one that is deleted after the run.</summary>
    public (string Path, bool IsTemporary) GetDataFolder(IResource container)
    {
        var mount = container
            .Annotations.OfType<ContainerMountAnnotation>()
            .LastOrDefault(m => m.Target.StartsWith(DataTarget, StringComparison.Ordinal));
        return mount switch
        {
            { Type: ContainerMountType.Volume, Source: { } name } => (Path.Combine(Volumes, name), false),
            { Type: ContainerMountType.BindMount, Source: { } path } => (path, false),
            _ => (TemporaryFolder.Create(container.Name), true),
        };
    }

    // The servers run as other users, which cannot enter root's home.
    private static string Volumes =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data
                : Environment.IsPrivilegedProcess ? "/var/lib"
                : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
            "aspire",
            "volumes"
        );
}
