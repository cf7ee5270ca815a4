using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tests.Models;

public class ModelVersionTests
{
    private static readonly DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2));
    private static readonly LogisticModel _definition = Samples.BreastCancerModel();

    [Fact]
    public void Create_NewVersion_HasTimeAndId()
    {
        var version = ModelVersion.Create("breast-cancer", 3, _definition, _now);
        Assert.Equal(("breast-cancer", 3, "logistic"), (version.Name, version.Version, version.Kind));
        Assert.Equal(_definition.Coefficients.ToArray(), version.GetLogistic().Coefficients.ToArray());
        Assert.Equal((7, _now.ToUnixTimeMilliseconds()), (version.Id.Version, UnixMilliseconds(version.Id)));
        Assert.Equal((_now, TimeSpan.Zero), (version.CreatedAt, version.CreatedAt.Offset));
    }

    [Fact]
    public void Create_LaterVersion_HasLaterId()
    {
        var first = ModelVersion.Create("m", 1, _definition, _now);
        var second = ModelVersion.Create("m", 2, _definition, _now.AddMilliseconds(1));
        Assert.True(first.Id.CompareTo(second.Id) < 0);
    }

    [Theory]
    [InlineData("Bad Name", 1)]
    [InlineData("good", 0)]
    [InlineData("good", -1)]
    public void Create_InvalidNameOrVersion_Throws(string name, int version) =>
        Assert.ThrowsAny<ArgumentException>(() => ModelVersion.Create(name, version, _definition, _now));

    private static long UnixMilliseconds(Guid version7) => Convert.ToInt64(version7.ToString("N")[..12], 16);
}
