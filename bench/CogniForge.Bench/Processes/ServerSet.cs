using System.Security.Cryptography;

namespace CogniForge.Bench.Processes;

/// <summary>The processes of a run, with one root key and one temporary folder for all. Ends them, and removes the folder, when it is disposed.</summary>
internal sealed class ServerSet : IDisposable
{
    private readonly List<ServerProcess> _servers = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cogniforge-bench-");

    /// <summary>The root key that the services accept.</summary>
    public string Key { get; } = "cf_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>Starts the bare endpoint: this program again.</summary>
    public Task<ServerProcess> StartBareAsync(CancellationToken cancellationToken) =>
        StartOwnAsync("bare", cancellationToken, BareEndpoint.Argument);

    /// <summary>Starts the fake provider: this program again.</summary>
    public Task<ServerProcess> StartUpstreamAsync(CancellationToken cancellationToken) =>
        StartOwnAsync("upstream", cancellationToken, FakeUpstream.Argument);

    /// <summary>Starts the bare forwarder: this program again.</summary>
    public Task<ServerProcess> StartForwarderAsync(Uri provider, CancellationToken cancellationToken) =>
        StartOwnAsync("forwarder", cancellationToken, BareForwarder.Argument, provider.ToString());

    /// <summary>Starts a service as it runs in production, but for its stores: they are in memory.</summary>
    public Task<ServerProcess> StartServiceAsync(string name, string project, CancellationToken cancellationToken) =>
        StartServiceAsync(
            name,
            project,
            new Dictionary<string, string> { ["CogniForge__InMemory"] = "true" },
            cancellationToken
        );

    /// <summary>Starts a service as it runs in production.</summary>
    public async Task<ServerProcess> StartServiceAsync(
        string name,
        string project,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken
    ) =>
        Add(
            await ServerProcess.StartAsync(
                name,
                project,
                [],
                new Dictionary<string, string>(settings)
                {
                    ["CogniForge__AdminApiKey"] = Key,
                    ["CogniForge__JournalDirectory"] = Path.Combine(_folder.FullName, name),
                },
                cancellationToken
            )
        );

    /// <summary>Takes a server that was started elsewhere, to end it with the others.</summary>
    public ServerProcess Add(ServerProcess server)
    {
        _servers.Add(server);
        return server;
    }

    public void Dispose()
    {
        _servers.ForEach(server => server.Dispose());
        _folder.Delete(recursive: true);
    }

    private async Task<ServerProcess> StartOwnAsync(
        string name,
        CancellationToken cancellationToken,
        params string[] arguments
    ) =>
        Add(
            await ServerProcess.StartAsync(
                name,
                "CogniForge.Bench",
                arguments,
                new Dictionary<string, string>(),
                cancellationToken
            )
        );
}
