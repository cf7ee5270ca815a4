using System.Security.Cryptography;

namespace CogniForge.ServiceDefaults.Tests;

/// <summary>
/// Third-party files are those that were reviewed: <c>sha256sum -c eng/vendored.sha256</c> checks the same.
/// </summary>
public class VendoredFilesTests
{
    private const string Folder = "CogniForge.Web/wwwroot/lib";

    [Fact]
    public void VendoredFiles_All_HaveRecordedChecksum()
    {
        var recorded = File.ReadLines(Path.Combine(Repository.Root, "eng", "vendored.sha256"));

        var actual = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, Folder), "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))
            .Where(f => f != $"{Folder}/README.md")
            .Select(f => $"{Hash(f)}  {f}");
        Assert.Equal(recorded.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    private static string Hash(string file) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Repository.Root, file))));
}
