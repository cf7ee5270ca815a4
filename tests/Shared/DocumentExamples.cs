using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CogniForge.Tests;

/// <summary>The shell examples of the pages in <c>docs</c>, as a reader would paste them.</summary>
public static partial class DocumentExamples
{
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(2);

    // These start the system or another program.
    private static readonly string[] _needsMore = ["./cogniforge", "claude -p", "codex exec"];

    /// <summary>Finds the pages with examples that need only the service at a port.</summary>
    public static TheoryData<string> FindPages(int port)
    {
        var docs = Path.Combine(Repository.Root, "docs");
        return
        [
            .. Directory
                .EnumerateFiles(docs, "*.md", SearchOption.AllDirectories)
                .Where(file => Read(file, port).Any())
                .Select(file => Path.GetRelativePath(docs, file).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Asserts that each command of a page's examples succeeds, and each HTTP call with it.</summary>
    public static async Task AssertSucceedAsync(string page, int port, Uri address)
    {
        var examples = string.Concat(Read(Path.Combine(Repository.Root, "docs", page), port));
        var script =
            "set -euo pipefail\ncurl() { command curl --fail-with-body --silent --show-error \"$@\"; }\n"
            + examples
                .Replace($"http://localhost:{port}", address.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal)
                .Replace("@speech.mp3", "@README.md", StringComparison.Ordinal); // any file will do
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var timeout = new CancellationTokenSource(_timeout);
        using var bash = Process.Start(start)!;
        var output = bash.StandardOutput.ReadToEndAsync(timeout.Token);
        var errors = bash.StandardError.ReadToEndAsync(timeout.Token);
        await bash.WaitForExitAsync(timeout.Token);

        Assert.True(bash.ExitCode == 0, $"An example of docs/{page} fails:\n{await output}\n{await errors}");
    }

    private static IEnumerable<string> Read(string file, int port) =>
        ShellBlock()
            .Matches(File.ReadAllText(file))
            .Select(m => m.Groups[1].Value)
            .Where(block =>
                block.Contains($"localhost:{port}", StringComparison.Ordinal)
                && !_needsMore.Any(text => block.Contains(text, StringComparison.Ordinal))
            );

    [GeneratedRegex("^```bash\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}
