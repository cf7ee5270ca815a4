namespace CogniForge.Tests;

/// <summary>The files that the tests are built from.</summary>
public static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "CogniForge.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
