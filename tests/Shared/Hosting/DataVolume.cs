using System.ComponentModel;
using System.Diagnostics;

namespace CogniForge.Tests.Hosting;

/// <summary>A data volume for one test.</summary>
public sealed class DataVolume
{
    public string Name { get; } = $"test-{Guid.CreateVersion7():n}";

    /// <summary>Where volumes lie when the servers are processes of this machine (docs/operations/data.md).</summary>
    private static string Volumes =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data
                : Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows() ? "/var/lib"
                : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
            "aspire",
            "volumes"
        );

    /// <summary>Removes the volume with all that it holds, if it was ever made. The application that used it must have been disposed of.</summary>
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
            // There is no engine, so the volume was never made.
        }
    }
}
