namespace CogniForge.Tests;

public static class Expect
{
    /// <summary>Fails with the full list unless it is empty.</summary>
    public static void None(string what, IEnumerable<string> found)
    {
        var all = found.ToList();
        Assert.True(all.Count == 0, $"{what}:\n  {string.Join("\n  ", all)}");
    }
}
