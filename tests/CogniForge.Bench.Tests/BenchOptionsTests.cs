namespace CogniForge.Bench.Tests;

public sealed class BenchOptionsTests
{
    [Fact]
    public void Parse_OptionAfterQuick_OverridesIt()
    {
        var options = BenchOptions.Parse(["llm", "--quick", "--rounds", "5"]);

        Assert.Equal("llm", options.Suite);
        Assert.Equal(5, options.Rounds);
        Assert.Equal(20_000, options.MemoryRequests);
    }

    [Theory]
    [InlineData("--rounds", "0")]
    [InlineData("--connections", "1,many")]
    [InlineData("--memory")]
    [InlineData("--fast")]
    public void Parse_InvalidOption_NamesOption(params string[] arguments) =>
        Assert.Contains(
            arguments[0],
            Assert.Throws<BenchException>(() => BenchOptions.Parse(arguments)).Message,
            StringComparison.Ordinal
        );
}
