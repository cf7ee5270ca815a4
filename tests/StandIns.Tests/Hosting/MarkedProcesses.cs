using System.Globalization;

namespace StandIns.Tests.Hosting;

/// <summary>The processes that have a variable in their environment, which children inherit: all of one run, wherever they have gone.</summary>
internal sealed record MarkedProcesses(string Variable, string Value)
{
    public IReadOnlyList<int> Find(string? program = null) => [.. Ids().Where(IsMarked).Where(id => Runs(id, program))];

    /// <summary>With those too that have overwritten their environment by a title, as Redis does, but whose parent is marked.</summary>
    public IReadOnlyList<int> FindWithChildren(string? program = null)
    {
        var marked = Ids().Where(IsMarked).ToHashSet();
        return [.. Ids().Where(id => marked.Contains(id) || marked.Contains(Parent(id))).Where(id => Runs(id, program))];
    }

    public static bool IsAlive(int id) => Runs(id, program: null);

    /// <summary>Empty for a process that has ended, waited for or not.</summary>
    public static string CommandLine(int id) => Read(id, "cmdline").Replace('\0', ' ');

    private static bool Runs(int id, string? program) => CommandLine(id) is { Length: > 0 } command && (program is null || command.Contains(program, StringComparison.Ordinal));

    private static IEnumerable<int> Ids() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0 && id != Environment.ProcessId);

    private static int Parent(int id) => Read(id, "stat") is { Length: > 0 } stat ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture) : 0;

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is none of ours.
            return "";
        }
    }

    private bool IsMarked(int id) => Read(id, "environ").Split('\0').Contains($"{Variable}={Value}");
}
