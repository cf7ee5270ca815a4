using System.Security.Cryptography;

namespace CogniForge.Bench.Processes;

/// <summary>The processes of a run, with one root key and one temporary folder for all. Ends them, and removes the folder, when it is disposed.</summary>
internal sealed class ServerSet : IDisposable
{
    private readonly List<ServerProcess> _servers = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cogniforge-bench-");

    /// <summary>The root key that the services accept.</summary>
    public string Key { get; } = "cf_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public IReadOnlyList<ServerProcess> Servers => _servers;

    /// <summary>Starts the bare endpoint: this program again.</summary>
    public Task<ServerProcess> StartBareAsync(CancellationToken cancellationToken) =>
        StartAsync("bare", "CogniForge.Bench", [BareEndpoint.Argument], new Dictionary<string, string>(), cancellationToken);

    /// <summary>Starts a service as it runs in production, but for its stores: they are in memory.</summary>
    public Task<ServerProcess> StartServiceAsync(string name, string project, CancellationToken cancellationToken) =>
        StartAsync(name, project, [], new Dictionary<string, string>
        {
            ["CogniForge__InMemory"] = "true",
            ["CogniForge__AdminApiKey"] = Key,
            ["CogniForge__JournalDirectory"] = Path.Combine(_folder.FullName, name),
        }, cancellationToken);

    public void Dispose()
    {
        _servers.ForEach(server => server.Dispose());
        _folder.Delete(recursive: true);
    }

    private async Task<ServerProcess> StartAsync(
        string name, string project, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var server = await ServerProcess.StartAsync(name, project, arguments, environment, cancellationToken);
        _servers.Add(server);
        return server;
    }
}
