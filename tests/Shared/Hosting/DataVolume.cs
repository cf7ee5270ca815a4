using System.ComponentModel;
using System.Diagnostics;

namespace CogniForge.Tests.Hosting;

/// <summary>A data volume for one test.</summary>
public sealed class DataVolume
{
    public string Name { get; } = $"test-{Guid.CreateVersion7():n}";

    /// <summary>The folder of volumes when the servers run as processes (docs/operations.md).</summary>
    private static string Volumes =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data
                : Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows() ? "/var/lib"
                : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
            "aspire",
            "volumes"
        );

    /// <summary>Removes the volume if it exists. Dispose the application that used it first.</summary>
    public async Task RemoveAsync()
    {
        var folder = Path.Combine(Volumes, Name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        else
        {
            await RemoveFromContainerEngineAsync();
        }
    }

    private async Task RemoveFromContainerEngineAsync()
    {
        try
        {
            using var engine = Process.Start(
                Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") ?? "docker",
                ["volume", "rm", "--force", Name]
            );
            await engine.WaitForExitAsync();
        }
        catch (Win32Exception)
        {
            // Without an engine, the volume was never created.
        }
    }
}
