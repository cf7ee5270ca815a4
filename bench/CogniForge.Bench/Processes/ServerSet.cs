using System.Security.Cryptography;

namespace CogniForge.Bench.Processes;

/// <summary>The processes of a run, with one root key and one temporary folder.</summary>
/// <remarks>Disposal ends the processes and deletes the folder.</remarks>
internal sealed class ServerSet : IDisposable
{
    private readonly List<ServerProcess> _servers = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cogniforge-bench-");

    /// <summary>The root key that the services accept.</summary>
    public string Key { get; } = "cf_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>Starts the bare endpoint, another instance of this program.</summary>
    public Task<ServerProcess> StartBareAsync(CancellationToken cancellationToken) =>
        StartOwnAsync("bare", cancellationToken, BareEndpoint.Argument);

    /// <summary>Starts the fake provider, another instance of this program.</summary>
    public Task<ServerProcess> StartProviderAsync(CancellationToken cancellationToken) =>
        StartOwnAsync("provider", cancellationToken, FakeProvider.Argument);

    /// <summary>Starts the bare forwarder, another instance of this program.</summary>
    public Task<ServerProcess> StartForwarderAsync(Uri provider, CancellationToken cancellationToken) =>
        StartOwnAsync("forwarder", cancellationToken, BareForwarder.Argument, provider.ToString());

    /// <summary>Starts YARP in front of a provider, another instance of this program.</summary>
    public Task<ServerProcess> StartYarpAsync(Uri provider, CancellationToken cancellationToken) =>
        StartOwnAsync("yarp", cancellationToken, YarpForwarder.Argument, provider.ToString());

    /// <summary>Starts the provider of many streams at once, another instance of this program.</summary>
    public Task<ServerProcess> StartStreamingProviderAsync(CancellationToken cancellationToken) =>
        StartOwnAsync("streaming provider", cancellationToken, StreamingProvider.Argument);

    /// <summary>Starts a service as in production, except for its stores, which are in memory.</summary>
    public Task<ServerProcess> StartServiceAsync(string name, string project, CancellationToken cancellationToken) =>
        StartServiceAsync(
            name,
            project,
            new Dictionary<string, string> { ["CogniForge__InMemory"] = "true" },
            cancellationToken
        );

    /// <summary>Starts a service as in production.</summary>
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

    /// <summary>Adds a server started elsewhere, so that disposal ends it too.</summary>
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
