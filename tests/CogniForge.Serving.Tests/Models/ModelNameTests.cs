using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tests.Models;

public class ModelNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData("breast-cancer")]
    [InlineData("a--b2")]
    [InlineData("Breast")]
    [InlineData("a.b")]
    [InlineData("a_b")]
    [InlineData("counts")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234")] // 64
    public void IsValid_Label_IsTrue(string name) => Assert.True(ModelName.IsValid(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("count")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("größe")]
    [InlineData("a\n")]
    [InlineData("١")] // a digit outside ASCII
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")] // 65
    public void IsValid_Other_IsFalse(string? name) => Assert.False(ModelName.IsValid(name));
}
