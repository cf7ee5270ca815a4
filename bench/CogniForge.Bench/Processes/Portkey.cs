using System.ComponentModel;
using System.Diagnostics;

namespace CogniForge.Bench.Processes;

/// <summary>Portkey's open-source gateway, a peer that runs wherever node does.</summary>
/// <remarks>Installed below <c>artifacts/</c> at a fixed version, with dependencies known to work.</remarks>
internal static class Portkey
{
    public const string Version = "1.15.2";

    private static readonly TimeSpan _installTimeout = TimeSpan.FromMinutes(3);

    private const string Package = $$"""
        {
          "private": true,
          "dependencies": { "@portkey-ai/gateway": "{{Version}}" },
          "overrides": { "hono": "4.9.7", "@hono/node-server": "1.13.5", "@hono/node-ws": "1.2.0" }
        }
        """;

    // Otherwise it listens on all addresses and does not print its port.
    private const string Loopback = """
        const net = require('node:net');
        const listen = net.Server.prototype.listen;
        net.Server.prototype.listen = function (port, host, ready) {
          this.once('listening', () => console.log(`Now listening on: http://127.0.0.1:${this.address().port}`));
          return listen.call(this, port, '127.0.0.1', ready);
        };
        """;

    /// <summary>Installs Portkey if necessary, and starts it.</summary>
    /// <returns>The server, or the reason why it cannot start.</returns>
    public static async Task<(ServerProcess? Server, string? Reason)> StartAsync(
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        // artifacts/bin/CogniForge.Bench/<configuration>/
        var folder = Directory
            .CreateDirectory(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "portkey"))
            .FullName;
        var program = Path.Combine(folder, "node_modules", "@portkey-ai", "gateway", "build", "start-server.js");
        var hook = Path.Combine(folder, "loopback.cjs");
        await File.WriteAllTextAsync(hook, Loopback, cancellationToken);
        try
        {
            if (!File.Exists(program))
            {
                progress($"npm install @portkey-ai/gateway@{Version}");
                await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), Package, cancellationToken);
                await InstallAsync(folder, cancellationToken);
            }

            return (
                await ServerProcess.StartAsync(
                    "Portkey",
                    "node",
                    folder,
                    ["--require", hook, program, "--port=0", "--headless"],
                    new Dictionary<string, string> { ["NODE_ENV"] = "production" },
                    cancellationToken
                ),
                null
            );
        }
        catch (Exception e) when (e is Win32Exception or BenchException)
        {
            return (null, e.Message);
        }
    }

    /// <summary>The headers that tell Portkey where to forward a request.</summary>
    public static string[] Headers(Uri provider) =>
        ["x-portkey-provider: openai", $"x-portkey-custom-host: {new Uri(provider, "/v1")}"];

    private static async Task InstallAsync(string folder, CancellationToken cancellationToken)
    {
        using var npm = Process.Start(
            new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--omit=dev", "--ignore-scripts"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_installTimeout);
        try
        {
            var output = await Task.WhenAll(
                npm.StandardOutput.ReadToEndAsync(timeout.Token),
                npm.StandardError.ReadToEndAsync(timeout.Token)
            );
            await npm.WaitForExitAsync(timeout.Token);
            if (npm.ExitCode != 0)
            {
                throw new BenchException($"npm install failed: {string.Concat(output).Trim()}");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BenchException($"npm install took more than {_installTimeout.TotalMinutes:0} minutes.");
        }
        finally
        {
            if (!npm.HasExited)
            {
                npm.Kill(entireProcessTree: true);
            }
        }
    }
}
