using Microsoft.Extensions.FileSystemGlobbing;

namespace CogniForge.AppHost.LocalServers;

/// <summary>How a server that comes as a container is found and run on this machine.</summary>
/// <param name="Resource">The container resource that it stands in for.</param>
/// <param name="Script">The script that does what the image's entrypoint does.</param>
/// <param name="Program">The server's program, on the PATH.</param>
/// <param name="Places">Where else packages put it: searched first, newest version first.</param>
/// <param name="DataTarget">Where the image keeps its data: a volume or bind mount there, or below, is a folder here.</param>
/// <param name="Install">The command that installs it.</param>
/// <param name="OwnPorts">Further ports that it needs to itself.</param>
internal sealed record LocalServerKind(Type Resource, string Script, string Program, string[] Places, string DataTarget, string Install, params string[] OwnPorts)
{
    public static IReadOnlyList<LocalServerKind> All { get; } =
    [
        new(typeof(PostgresServerResource), "postgres.sh", "postgres",
            ["usr/lib/postgresql/*/bin/postgres", "usr/pgsql-*/bin/postgres", "opt/homebrew/opt/postgresql@*/bin/postgres"],
            "/var/lib/postgresql", "sudo apt install postgresql, or brew install postgresql@17"),
        new(typeof(RedisResource), "redis.sh", "redis-server", [], "/data", "sudo apt install redis-server, or brew install redis"),
        // The distribution's own start script first: Debian's wrapper on the PATH insists on its system user and folders.
        new(typeof(RabbitMQServerResource), "rabbitmq.sh", "rabbitmq-server",
            ["usr/lib/rabbitmq/lib/*/sbin/rabbitmq-server", "opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server"],
            "/var/lib/rabbitmq", "sudo apt install rabbitmq-server, or brew install rabbitmq", "epmd", "dist"),
    ];

    /// <summary>The program's path. Looks anew each time: it may be installed while the AppHost runs.</summary>
    public string? Find()
    {
        var places = new Matcher();
        places.AddIncludePatterns(Places);
        return places.GetResultsInFullPath("/").OrderByDescending(p => p.Length).ThenByDescending(p => p, StringComparer.Ordinal)
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, Program)))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>The folder of the data that the AppHost asked to be kept, or one that goes with this run.</summary>
    public (string Path, bool IsTemporary) DataFolder(IResource resource) =>
        resource.Annotations.OfType<ContainerMountAnnotation>().LastOrDefault(m => m.Target.StartsWith(DataTarget, StringComparison.Ordinal)) switch
        {
            { Type: ContainerMountType.Volume, Source: { } name } => (Path.Combine(Volumes, name), false),
            { Type: ContainerMountType.BindMount, Source: { } path } => (path, false),
            _ => (Directory.CreateTempSubdirectory($"aspire-{resource.Name}-").FullName, true),
        };

    // Root's home is closed to the users that servers run as.
    private static string Volumes => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data
        : Environment.IsPrivilegedProcess ? "/var/lib"
        : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
        "aspire", "volumes");
}
