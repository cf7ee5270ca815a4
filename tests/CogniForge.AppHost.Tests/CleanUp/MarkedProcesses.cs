using System.Globalization;

namespace CogniForge.AppHost.Tests.CleanUp;

/// <summary>All processes of one run, found by an environment variable that child processes inherit.</summary>
internal sealed record MarkedProcesses(string Variable, string Value)
{
    /// <summary>
    /// The ids of the marked processes, and of children that overwrite their environment, as Redis does.
    /// </summary>
    public IReadOnlyList<int> Find()
    {
        var ids = Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId)
            .ToList();
        var marked = ids.Where(IsMarked).ToHashSet();
        return [.. ids.Where(id => (marked.Contains(id) || marked.Contains(GetParent(id))) && IsAlive(id))];
    }

    public static bool IsAlive(int id) => GetCommandLine(id).Length > 0;

    /// <summary>The command line; empty if the process has ended, reaped or not.</summary>
    public static string GetCommandLine(int id) => Read(id, "cmdline").Replace('\0', ' ');

    private static int GetParent(int id) =>
        Read(id, "stat") is { Length: > 0 } stat
            ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture)
            : 0;

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process has ended, or belongs to another user.
            return "";
        }
    }

    private bool IsMarked(int id) => Read(id, "environ").Split('\0').Contains($"{Variable}={Value}");
}
