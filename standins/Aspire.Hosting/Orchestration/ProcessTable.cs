using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <param name="Started">Clock ticks since boot: with the id, it tells a process from a later one of the same id.</param>
internal readonly record struct ProcessEntry(int Id, int Parent, int Group, int Session, long Started);

/// <summary>The processes of this machine. Empty where there is no <c>/proc</c>.</summary>
internal static class ProcessTable
{
    public static List<ProcessEntry> Read()
    {
        var entries = new List<ProcessEntry>();
        if (!OperatingSystem.IsLinux())
            return entries;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Find(id) is { } entry)
                entries.Add(entry);
        }

        return entries;
    }

    public static ProcessEntry? Find(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            // The second field is the command in parentheses and may hold anything; the rest starts behind its last one.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : new ProcessEntry(id, Number(1), Number(2), Number(3), long.Parse(fields[19], CultureInfo.InvariantCulture));

            int Number(int field) => int.Parse(fields[field], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static bool HasVariable(int id, string name, string value)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/environ").Split('\0').Contains($"{name}={value}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Those whose current folder this is: servers of an earlier run that still use it.</summary>
    public static List<ProcessEntry> WorkingIn(string folder) =>
        [.. Read().Where(p => WorkingFolder(p.Id) == folder)];

    private static string? WorkingFolder(int id)
    {
        try
        {
            return new FileInfo($"/proc/{id}/cwd").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>All that descend from the process, or share the session that it leads.</summary>
    public static List<ProcessEntry> TreeOf(int root, List<ProcessEntry> table)
    {
        var tree = table.Where(e => e.Id == root || e.Session == root).ToList();
        for (var i = 0; i < tree.Count; i++)
            tree.AddRange(table.Where(e => e.Parent == tree[i].Id && !tree.Contains(e)));
        return tree;
    }

    public static bool IsAlive(ProcessEntry entry) => Find(entry.Id) is { } now && now.Started == entry.Started;
}
