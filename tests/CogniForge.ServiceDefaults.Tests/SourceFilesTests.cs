namespace CogniForge.ServiceDefaults.Tests;

/// <summary>A rule of CONTRIBUTING that no analyzer covers for comments and literals alike.</summary>
public class SourceFilesTests
{
    private const int MaxColumns = 120;

    private static readonly string[] _skipped = [".git", "artifacts", "bin", "obj"];

    [Fact]
    public void SourceFiles_Lines_FitMaximumColumns() =>
        Expect.None(
            $"Lines with more than {MaxColumns} columns",
            from file in FindSources(new DirectoryInfo(Repository.Root))
            from line in File.ReadLines(file).Index()
            where line.Item.Length > MaxColumns
            select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1} ({line.Item.Length})"
        );

    private static IEnumerable<string> FindSources(DirectoryInfo folder) =>
        [
            .. folder.EnumerateFiles("*.cs").Select(f => f.FullName),
            .. folder.EnumerateDirectories().Where(d => !_skipped.Contains(d.Name)).SelectMany(FindSources),
        ];
}
