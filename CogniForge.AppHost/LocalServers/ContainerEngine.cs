using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace CogniForge.AppHost.LocalServers;

/// <summary>Detects the machine's container engine.</summary>
internal static class ContainerEngine
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    /// <summary>The name of the running engine, or null.</summary>
    /// <remarks>
    /// Finding the command is not enough: Docker's client is often installed where its engine is not running.
    /// </remarks>
    public static async Task<string?> FindAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var configured = configuration["ASPIRE_CONTAINER_RUNTIME"] ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"];
        string[] engines = string.IsNullOrEmpty(configured) ? ["docker", "podman"] : [configured];
        var running = await Task.WhenAll(engines.Select(engine => IsRunningAsync(engine, cancellationToken)));
        return engines.Zip(running).FirstOrDefault(e => e.Second).First;
    }

    private static async Task<bool> IsRunningAsync(string engine, CancellationToken cancellationToken)
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
