namespace CogniForge.Tests;

public static class Expect
{
    /// <summary>There is nothing of that kind; whatever there is, is listed in full.</summary>
    public static void None(string what, IEnumerable<string> found)
    {
        var all = found.ToList();
        Assert.True(all.Count == 0, $"{what}:\n  {string.Join("\n  ", all)}");
    }
}
