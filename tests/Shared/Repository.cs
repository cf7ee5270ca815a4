namespace CogniForge.Tests;

/// <summary>The files of the repository.</summary>
public static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "CogniForge.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
