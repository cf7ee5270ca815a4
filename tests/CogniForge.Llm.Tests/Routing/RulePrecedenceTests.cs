using System.Text.Json;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Tests.Routing;

/// <summary>
/// The rules of the user precede the built-in ones, also those of the user's whole provider before those of a built-in
/// model.
/// </summary>
public class RulePrecedenceTests
{
    private const string Model = "claude-opus-4-6"; // drops nothing, maps xhigh to max
    private const string Gpt = "gpt-6-luna";
    private const string Newer = "claude-opus-4-7"; // drops the temperature

    [Fact]
    public void OutputLimit_OfUsersProvider_PrecedesBuiltInModel()
    {
        Assert.Equal("max_completion_tokens", Create("openai", "{}", Gpt).OutputLimit);
        Assert.Equal(
            "max_tokens",
            Create("openai", """{"quirks":{"outputLimit":"max_tokens"}}""", Gpt).OutputLimit
        );
        Assert.Equal(
            "max_completion_tokens",
            Create(
                "openai",
                """
                {"quirks":{"outputLimit":"max_tokens"},
                 "models":[{"model":"gpt-6*","outputLimit":"max_completion_tokens"}]}
                """,
                Gpt
            )
                .OutputLimit
        );
    }

    [Theory]
    [InlineData("{}", "thinking")]
    [InlineData("""{"quirks":{"thinkingOff":{"a":1}}}""", "a")]
    [InlineData("""{"quirks":{"thinkingOff":{"a":1}},"models":[{"model":"*","thinkingOff":{"b":1}}]}""", "b")]
    public void ThinkingOff_EachLayer_IsInOrder(string config, string expected) =>
        Assert.Equal(expected, Create("kimi", config, "kimi-k2.6").ThinkingOff!.Keys.Single());

    [Theory]
    [InlineData("{}", "max")]
    [InlineData("""{"quirks":{"values":{"output_config.effort":{"xhigh":"a"}}}}""", "a")]
    [InlineData("""{"quirks":{"values":{"other":{"xhigh":"a"}}}}""", "max")]
    [InlineData(
        """
        {"quirks":{"values":{"output_config.effort":{"xhigh":"a"}}},
         "models":[{"model":"claude-*","values":{"output_config.effort":{"xhigh":"b"}}}]}
        """,
        "b"
    )]
    public void Values_EachLayer_AreInOrder(string config, string expected) =>
        Assert.Equal(
            expected,
            Create("anthropic", config, Model).Values.Single(v => v.Key == "output_config.effort").Value["xhigh"]
        );

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"quirks":{"fields":{"temperature":"a"}}}""", "a")]
    [InlineData("""{"quirks":{"fields":{"other":"a"}}}""", null)]
    [InlineData(
        """{"quirks":{"fields":{"temperature":"a"}},"models":[{"model":"*","fields":{"temperature":"b"}}]}""",
        "b"
    )]
    public void Fields_EachLayer_AreInOrder(string config, string? expected) =>
        Assert.Equal(
            expected,
            Create("anthropic", config, Newer).Fields.Single(f => f.Key == "temperature").Value
        );

    /// <summary>A rule of a user's model replaces that of the built-in one.</summary>
    [Fact]
    public void Fields_OfUsersModel_ReplaceThoseOfBuiltInModel() =>
        Assert.Empty(Create("anthropic", """{"models":[{"model":"*","fields":{}}]}""", Newer).Fields);

    private static ModelRules Create(string kind, string config, string model) =>
        new(
            JsonSerializer
                .Deserialize<ProviderConfig>(config, JsonSerializerOptions.Web)!
                .ToProvider(kind, ConfigOrigin.Api)
                .Profile,
            model
        );
}
