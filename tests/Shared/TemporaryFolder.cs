namespace CogniForge.Tests;

/// <summary>A folder that a test leaves behind.</summary>
public static class TemporaryFolder
{
    /// <summary>Deletes the folder, unless a service that is just ending still writes there.</summary>
    public static void Delete(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        }
        catch (IOException)
        {
            // What remains is small, and no test reads it.
        }
    }
}
