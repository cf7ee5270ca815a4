using CogniForge.Statistics.Experiments;

namespace CogniForge.Statistics.Tests.Experiments;

public class BucketingTests
{
    // Expected: packages/sdk-js/test/cases.json of GrowthBook.
    [Theory]
    [InlineData("seed", "a", 0.0505)]
    [InlineData("seed", "b", 0.2696)]
    [InlineData("foo", "ab", 0.2575)]
    [InlineData("foo", "def", 0.2019)]
    [InlineData("89123klj", "8952klfjas09ujkasdf", 0.124)]
    [InlineData("90850943850283058242805", "123", 0.7516)]
    [InlineData("()**(%$##$%#$#", "___)((*\":&", 0.0128)]
    public void Hash_SeedAndUnit_EqualsGrowthBook(string seed, string unit, double expected) =>
        Assert.Equal(expected, Bucketing.Hash(seed, unit));

    [Theory]
    [InlineData("", "a", 0.22)]
    [InlineData("", "b", 0.077)]
    [InlineData("b", "a", 0.946)]
    [InlineData("ef", "d", 0.652)]
    [InlineData("asdf", "8952klfjas09ujk", 0.549)]
    [InlineData("", "123", 0.011)]
    [InlineData("", "___)((*\":&", 0.563)]
    public void HashVersion1_SeedAndUnit_EqualsGrowthBook(string seed, string unit, double expected) =>
        Assert.Equal(expected, Bucketing.HashVersion1(seed, unit));

    // Expected: the reference vectors of RFC 9923.
    [Theory]
    [InlineData("", 0x811c9dc5u)]
    [InlineData("a", 0xe40c292cu)]
    [InlineData("foobar", 0xbf9cf968u)]
    public void Fnv1aHash_Ascii_EqualsReference(string text, uint expected) => Assert.Equal(expected, Fnv1a.Hash(text));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.4999, 0)]
    [InlineData(0.5, 1)]
    [InlineData(0.9999, 1)]
    public void Choose_EvenWeights_SplitsAtHalf(double place, int expected) =>
        Assert.Equal(expected, Bucketing.Choose(place, [1, 1]));

    // Expected: getBucketRange "reduced coverage" of GrowthBook's cases.json: [0, 0.25) and [0.5, 0.75).
    [Theory]
    [InlineData(0.2499, 0)]
    [InlineData(0.25, null)]
    [InlineData(0.5, 1)]
    [InlineData(0.7499, 1)]
    [InlineData(0.75, null)]
    public void Choose_HalfCoverage_LeavesGaps(double place, int? expected) =>
        Assert.Equal(expected, Bucketing.Choose(place, [0.5, 0.5], 0.5));

    [Fact]
    public void Choose_FullCoverage_CoversEveryPlace()
    {
        double[] weights = [0.1, 0.2, 0.3, 0, 0.15, 0.25];
        for (var place = 0; place < 10_000; place++)
        {
            Assert.NotNull(Bucketing.Choose(place / 10_000.0, weights));
        }

        Assert.NotNull(Bucketing.Choose(Math.BitDecrement(1.0), weights));
    }

    [Fact]
    public void Hash_ManyUnits_FollowsTheWeights()
    {
        var counts = new long[3];
        for (var unit = 0; unit < 30_000; unit++)
        {
            counts[Bucketing.Choose(Bucketing.Hash("experiment", $"user-{unit}"), [5, 3, 2])!.Value]++;
        }

        Assert.False(SampleRatio.Check(counts, [5, 3, 2])!.IsMismatch);
    }

    [Fact]
    public void Choose_OutOfRange_NamesTheParameter()
    {
        Assert.Throws<ArgumentOutOfRangeException>("place", () => Bucketing.Choose(1, [1]));
        Assert.Throws<ArgumentOutOfRangeException>("weights", () => Bucketing.Choose(0, []));
        Assert.Throws<ArgumentOutOfRangeException>("weights", () => Bucketing.Choose(0, [2, -1]));
        Assert.Throws<ArgumentOutOfRangeException>("coverage", () => Bucketing.Choose(0, [1], 1.1));
    }
}
