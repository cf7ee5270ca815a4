using System.Runtime.Versioning;

namespace CogniForge.ServiceDefaults;

/// <summary>
/// Files and directories that only the user of the process can read, because they hold prompts, responses or users'
/// events. On Windows the directory's access control list decides instead.
/// </summary>
public static class PrivateFiles
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>
    /// Creates a directory with mode 0700. Tightens an existing one and those of its files that match a pattern, except
    /// where they belong to another user or the directory is shared (sticky), like <c>/tmp</c>.
    /// </summary>
    /// <param name="path">The directory.</param>
    /// <param name="pattern">The names of the files, e.g. <c>*.json</c>.</param>
    public static void CreateDirectory(string path, string pattern)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        var directory = Directory.CreateDirectory(path, DirectoryMode);
        if (!directory.UnixFileMode.HasFlag(UnixFileMode.StickyBit))
        {
            Tighten(directory, DirectoryMode);
        }

        foreach (var file in directory.EnumerateFiles(pattern))
        {
            Tighten(file, FileMode);
        }
    }

    /// <summary>Opens a file without a buffer; a new one has mode 0600.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">How to open or create it.</param>
    /// <param name="access">How it is used.</param>
    /// <exception cref="IOException">The file cannot be opened, or another process has it open.</exception>
    public static FileStream Open(string path, FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = access,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode;
        }

        return new(path, options);
    }

    [UnsupportedOSPlatform("windows")]
    private static void Tighten(FileSystemInfo entry, UnixFileMode mode)
    {
        try
        {
            if ((entry.UnixFileMode & ~mode) != 0 && entry.LinkTarget is null)
            {
                entry.UnixFileMode &= mode;
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or FileNotFoundException)
        {
            // A mounted volume may belong to another user, and another process may delete its files.
        }
    }
}
