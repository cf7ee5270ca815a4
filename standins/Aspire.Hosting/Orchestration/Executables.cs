using System.Runtime.InteropServices;
using System.Text;

namespace Aspire.Hosting.Orchestration;

/// <summary>Finds programs on this machine.</summary>
internal static class Executables
{
    private const int Execute = 1;

    /// <summary>The words to put before a command so that it leads its own session, keeping its process id.</summary>
    public static string[] InOwnSession { get; } =
        OperatingSystem.IsWindows() ? []
        : FindOnPath("setsid") is { } setsid ? [setsid]
        : FindOnPath("perl") is { } perl ? [perl, "-e", "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV or exit 127"]
        : [];

    /// <summary>The program that runs .NET assemblies: the one whose runtime runs this process.</summary>
    public static string Dotnet { get; } = FindDotnet();

    public static string? Find(string command, string workingDirectory)
    {
        if (!command.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
            return FindOnPath(command);
        var path = Path.GetFullPath(command, workingDirectory);
        return CanRun(path) ? path : null;
    }

    public static string? FindOnPath(string name) =>
        FindIn((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), name);

    /// <param name="patterns">Folders with at most one <c>*</c>; the last match in order of version wins.</param>
    public static string? FindIn(IEnumerable<string> patterns, string name)
    {
        if (OperatingSystem.IsWindows())
            name += ".exe";
        return patterns.SelectMany(Expand).Select(folder => Path.Combine(folder, name)).FirstOrDefault(CanRun);
    }

    /// <summary>Whether this is a program that this user may run; of a script, whether its interpreter is.</summary>
    private static bool CanRun(string path)
    {
        if (OperatingSystem.IsWindows())
            return File.Exists(path);
        if (!File.Exists(path) || Access(path, Execute) != 0)
            return false;
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> start = stackalloc byte[256];
            var line = Encoding.UTF8.GetString(start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]).Split('\n')[0];
            return !line.StartsWith("#!", StringComparison.Ordinal) || CanRun(line[2..].Trim().Split(' ', '\t')[0]);
        }
        catch (UnauthorizedAccessException)
        {
            // Programs may be run that cannot be read; scripts may not.
            return true;
        }
    }

    [DllImport("libc", EntryPoint = "access")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Access([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int mode);

    private static IEnumerable<string> Expand(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return [pattern];
        var parent = Path.GetDirectoryName(pattern[..star])!;
        var rest = pattern[star..].Split('/', 2);
        var prefix = pattern[(parent.Length + 1)..star];
        return Directory.Exists(parent)
            ? Directory.GetDirectories(parent, prefix + rest[0])
                .OrderByDescending(d => Version.TryParse(Digits(d[(parent.Length + 1)..]), out var version) ? version : new Version(0, 0))
                .Select(d => rest.Length > 1 ? Path.Combine(d, rest[1]) : d)
            : [];
    }

    private static string Digits(string name)
    {
        var digits = new string([.. name.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]).Trim('.');
        return digits.Contains('.', StringComparison.Ordinal) ? digits : digits + ".0";
    }

    private static string FindDotnet()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var own = Path.Combine(root, name);
        return File.Exists(own) ? own : FindOnPath("dotnet") ?? "dotnet";
    }
}

internal static class CommandLine
{
    /// <summary>Splits at blanks outside double quotes.</summary>
    public static IEnumerable<string> Split(string arguments)
    {
        var word = new StringBuilder();
        var quoted = false;
        var any = false;
        foreach (var c in arguments)
        {
            if (c == '"')
            {
                quoted = !quoted;
                any = true;
            }
            else if (char.IsWhiteSpace(c) && !quoted)
            {
                if (any || word.Length > 0)
                    yield return word.ToString();
                word.Clear();
                any = false;
            }
            else
            {
                word.Append(c);
            }
        }

        if (any || word.Length > 0)
            yield return word.ToString();
    }
}
