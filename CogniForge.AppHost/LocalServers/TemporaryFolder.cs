using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CogniForge.AppHost.LocalServers;

/// <summary>The data folder of a server without a volume: <c>aspire-{server}-{process id}-{random}</c>.</summary>
internal static partial class TemporaryFolder
{
    /// <summary>Creates a folder, and deletes those that a killed AppHost has left.</summary>
    public static string Create(string server)
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), "aspire-*").Where(IsAbandoned))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It belongs to another user, or another AppHost deletes it too.
            }
        }

        return Directory.CreateTempSubdirectory($"aspire-{server}-{Environment.ProcessId}-").FullName;
    }

    private static bool IsAbandoned(string folder)
    {
        if (Name().Match(Path.GetFileName(folder)) is not { Success: true } match)
        {
            return false;
        }

        try
        {
            using var owner = Process.GetProcessById(int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture));
            return owner.HasExited;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return true; // no such process
        }
    }

    [GeneratedRegex(@"^aspire-.+-(?<id>[0-9]{1,9})-[A-Za-z0-9]{6}\z")]
    private static partial Regex Name();
}
