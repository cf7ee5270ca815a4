using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace CogniForge.AppHost.LocalServers;

/// <summary>The container engine of this machine.</summary>
internal static class ContainerEngine
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The name of the engine that answers, or null. The presence of the command is not enough: Docker's client is often
    /// installed where its engine is not running.
    /// </summary>
    public static async Task<string?> FindAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var configured = configuration["ASPIRE_CONTAINER_RUNTIME"] ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"];
        string[] engines = string.IsNullOrEmpty(configured) ? ["docker", "podman"] : [configured];
        var responses = await Task.WhenAll(engines.Select(engine => ResponsesAsync(engine, cancellationToken)));
        return engines.Zip(responses).FirstOrDefault(e => e.Second).First;
    }

    private static async Task<bool> ResponsesAsync(string engine, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_timeout);
        Process process;
        try
        {
            process = Process.Start(
                new ProcessStartInfo(engine, ["info"]) { RedirectStandardOutput = true, RedirectStandardError = true }
            )!;
        }
        catch (Win32Exception)
        {
            return false;
        }

        using (process)
        {
            try
            {
                await Task.WhenAll(
                    process.StandardOutput.ReadToEndAsync(timeout.Token),
                    process.StandardError.ReadToEndAsync(timeout.Token),
                    process.WaitForExitAsync(timeout.Token)
                );
                return process.ExitCode == 0;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true);
                return false;
            }
        }
    }
}
