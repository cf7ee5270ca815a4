using CogniForge.AppHost.LocalServers;

namespace CogniForge.AppHost.Tests.CleanUp;

/// <summary>A killed AppHost leaves the data of its servers; the next one deletes it.</summary>
public sealed class TemporaryFolderTests
{
    // Above the maximum of Linux, so that no process has it.
    private const int NoProcess = 999_999_999;

    [Fact]
    public void Create_AbandonedFolders_DeletesOnlyThose()
    {
        var abandoned = Directory.CreateTempSubdirectory($"aspire-test-{NoProcess}-");
        File.WriteAllText(Path.Combine(abandoned.FullName, "data"), "x");
        var other = Directory.CreateTempSubdirectory("aspire-other-");
        var own = TemporaryFolder.Create("test");
        try
        {
            Assert.False(Directory.Exists(abandoned.FullName));
            Assert.True(other.Exists);

            Directory.Delete(TemporaryFolder.Create("test"));
            Assert.True(Directory.Exists(own));
        }
        finally
        {
            Directory.Delete(own);
            other.Delete();
        }
    }
}
