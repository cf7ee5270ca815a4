using CogniForge.Llm.Caching;

namespace CogniForge.Llm.Tests.Caching;

public class CacheControlTests
{
    [Theory]
    [InlineData(null, true, true, null)]
    [InlineData("", true, true, null)]
    [InlineData("no-cache", false, true, null)]
    [InlineData("No-Store", false, false, null)]
    [InlineData("no-store, max-age=5", false, false, 5.0)]
    [InlineData("max-age=60", true, true, 60.0)]
    [InlineData(" MAX-AGE = \"60\" ,, foo=bar, no-transform", true, true, 60.0)]
    [InlineData("max-age=0", true, true, 0.0)]
    [InlineData("max-age=-1", true, true, null)]
    [InlineData("max-age=soon", true, true, null)]
    [InlineData("max-age", true, true, null)]
    [InlineData("max-age=4294967295", true, true, 4294967295.0)]
    [InlineData("max-age=99999999999999999999", true, true, null)]
    [InlineData("only-if-cached", true, true, null)]
    public void Parse_Header_FollowsRfc9111(string? header, bool reads, bool stores, double? maxAge) =>
        Assert.Equal(
            new(reads, stores, maxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null),
            CacheControl.Parse(header)
        );
}
