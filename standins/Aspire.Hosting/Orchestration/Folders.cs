namespace Aspire.Hosting.Orchestration;

internal static class Folders
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersPassThrough = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Named volumes, kept from run to run. Root's home is closed to the users that servers run as, so root's volumes lie elsewhere.</summary>
    public static string Volumes { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data
        : Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows() ? "/var/lib"
        : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
        "aspire",
        "volumes");

    /// <summary>A folder that only its owner reads, through which other users may reach the folders inside that they own.</summary>
    public static string Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, Environment.IsPrivilegedProcess ? OthersPassThrough : OwnerOnly);
        return path;
    }

    public static async Task WriteSecretAsync(string path, string contents, CancellationToken cancellationToken)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(contents.AsMemory(), cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>The temporary folder of one run of an AppHost. The supervisor removes it when the AppHost is gone.</summary>
internal sealed class RunFolder
{
    /// <summary>Every process of a run has this variable, with the run's folder as its value: by it they are found, wherever they have gone.</summary>
    public const string Variable = "ASPIRE_RUN_FOLDER";

    private const int DeleteAttempts = 50;
    private static readonly TimeSpan DeletePause = TimeSpan.FromMilliseconds(100);

    public RunFolder()
    {
        Path = Directory.CreateTempSubdirectory("aspire-").FullName;
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    public string Path { get; }

    /// <summary>Tries for a while: a server that was just killed may still have children that write files.</summary>
    public static void Delete(string path)
    {
        for (var attempt = 0; attempt < DeleteAttempts && Directory.Exists(path); attempt++)
        {
            try
            {
                Directory.Delete(path, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Task.Delay(DeletePause).GetAwaiter().GetResult();
            }
        }
    }
}
