using System.Diagnostics;

namespace CogniForge.Llm.Tests.Agents;

/// <summary>
/// A command-line program of an agent, which <c>./cogniforge test</c> installs from npm into the folder that the
/// variable <see cref="Variable"/> names. It reaches loopback addresses only.
/// </summary>
internal static class AgentProgram
{
    public const string Variable = "COGNIFORGE_AGENTS";

    // Only ends a hang: a program takes two seconds.
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(2);

    public static string? Folder { get; } = Environment.GetEnvironmentVariable(Variable);

    /// <summary>Finds a program by the folder of its package and its name.</summary>
    public static string Find(string packages, string program) =>
        Directory
            .EnumerateDirectories(Path.Combine(Folder!, "node_modules", Path.GetDirectoryName(packages)!))
            .Where(d => Path.GetFileName(d).StartsWith(Path.GetFileName(packages), StringComparison.Ordinal))
            .SelectMany(d => Directory.EnumerateFiles(d, program, SearchOption.AllDirectories))
            .First();

    /// <summary>Runs a program in an empty folder until it ends.</summary>
    /// <returns>The exit code, and everything that it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program,
        string folder,
        IEnumerable<string> arguments,
        Dictionary<string, string> variables
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["HOME"] = folder;
        start.Environment["HTTP_PROXY"] = start.Environment["HTTPS_PROXY"] = "http://127.0.0.1:9"; // nothing listens
        start.Environment["NO_PROXY"] = "127.0.0.1";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(_timeout);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
