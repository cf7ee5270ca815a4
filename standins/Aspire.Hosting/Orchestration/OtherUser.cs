using System.Diagnostics;

namespace Aspire.Hosting.Orchestration;

/// <summary>The user as whom a server runs that refuses to run as root. Nobody else's business when the AppHost itself is not root.</summary>
internal sealed class OtherUser
{
    private readonly string? _name;

    private OtherUser(string? name) => _name = name;

    public static OtherUser For(string preferred)
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
            return new OtherUser(name: null);
        var users = File.ReadLines("/etc/passwd").Select(l => l.Split(':')[0]).ToHashSet();
        return new OtherUser(users.Contains(preferred) ? preferred : "nobody");
    }

    /// <summary>The command and its arguments, run as that user with the same process id.</summary>
    public string[] Run(params string[] words) => _name is null ? words
        : Executables.FindOnPath("setpriv") is { } setpriv ? [setpriv, $"--reuid={_name}", $"--regid={PrimaryGroup()}", "--init-groups", "--", .. words]
        : Executables.FindOnPath("runuser") is { } runuser ? [runuser, "-u", _name, "--", .. words]
        : throw new CannotStartException($"As root, '{words[0]}' must run as the user '{_name}', for which setpriv or runuser (util-linux) is needed.");

    public async Task OwnAsync(string folder, CancellationToken cancellationToken)
    {
        if (_name is not null)
            await RunToEndAsync(["chown", "-R", $"{_name}:{PrimaryGroup()}", folder], "/", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a command to its end and returns what it wrote; throws with that text if it failed.</summary>
    public static async Task<string> RunToEndAsync(string[] words, string workingDirectory, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var text = await output.ConfigureAwait(false) + await errors.ConfigureAwait(false);
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return process.ExitCode == 0 ? text : throw new CannotStartException($"{Path.GetFileName(words[0])} failed: {text}");
    }

    private string PrimaryGroup() => File.ReadLines("/etc/passwd").Select(l => l.Split(':')).First(f => f[0] == _name)[3];
}
