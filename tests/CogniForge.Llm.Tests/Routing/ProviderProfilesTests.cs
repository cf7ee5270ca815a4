using System.Text.Json;
using System.Text.Json.Serialization;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Routing;
using RouteTable = CogniForge.Llm.Routing.RouteTable;

namespace CogniForge.Llm.Tests.Routing;

public class ProviderProfilesTests
{
    private static readonly JsonSerializerOptions _strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    [Fact]
    public void File_Members_AreKnown()
    {
        using var stream = typeof(ProviderProfiles).Assembly.GetManifestResourceStream(
            typeof(ProviderProfiles),
            "providers.json"
        )!;
        Assert.NotEmpty(JsonSerializer.Deserialize<ProviderProfile[]>(stream, _strict)!);
    }

    [Fact]
    public void File_EachProvider_KeepsRulesOfConfiguration() =>
        Assert.All(
            ProviderProfiles.All.Where(p => p.Kind != ProviderKind.Mock),
            p =>
                Assert.Empty(
                    new ProviderConfig(
                        p.Name,
                        p.BaseUrl?.Replace('{', 'a').Replace('}', 'b') ?? "http://localhost/v1",
                        p.ApiKeyHeader,
                        p.ListsModels,
                        p.Models,
                        p.Quirks
                    ).Validate(p.ProviderName)
                )
        );

    [Fact]
    public void File_EachFact_HasSource() =>
        Assert.All(
            ProviderProfiles.All.Where(p => p.Models.Count > 0 || p.Quirks != new ProviderQuirks()),
            p => Assert.NotEmpty(p.Sources)
        );

    [Fact]
    public void For_EachKind_HasProfile() =>
        Assert.All(Enum.GetValues<ProviderKind>(), k => Assert.Equal(k, ProviderProfiles.For(k).Kind));

    // Of several entries that match, the first counts: a more general one must not stand before.
    [Fact]
    public void File_Models_FirstMatchIsItself() =>
        Assert.All(
            ProviderProfiles.All.SelectMany(p => p.Models.Where(m => m.MaxOutputTokens > 0), (p, m) => (p, m)),
            x =>
                Assert.Equal(
                    x.m.MaxOutputTokens,
                    new ModelRules(x.p, x.m.Model!.Replace("*", "", StringComparison.Ordinal)).MaxOutputTokens
                )
        );

    [Theory]
    [InlineData("gemini-3-flash-preview", "gemini")]
    [InlineData("mistral-large-latest", "mistral")]
    [InlineData("codestral-latest", "mistral")]
    [InlineData("deepseek-chat", "deepseek")]
    [InlineData("grok-4.3", "xai")]
    [InlineData("kimi-k2.6", "kimi")]
    [InlineData("accounts/fireworks/models/glm-5p2", "fireworks")]
    public void Resolve_ModelWithoutProvider_FindsKnownOne(string model, string name)
    {
        var table = new RouteTable(
            [new(name, ProviderProfiles.Find(name)!), new("openrouter", ProviderKind.OpenRouter)],
            []
        );
        Assert.Equal(name, Assert.Single(table.Resolve(model)!.Targets).Provider.Name);
        Assert.Equal(name, new RouteTable([], []).FindMissingProvider($"{name}/{model}"));
    }

    [Fact]
    public void Resolve_OnlyAzure_ServesOpenAIsModels()
    {
        var azure = new Provider("azure", ProviderProfiles.Find("azure")!, new("https://me.openai.azure.com/v1"));
        Assert.Equal(
            "azure/gpt-5.4",
            new RouteTable([azure], []).Resolve("gpt-5.4")!.Targets[0].Id
        );
    }
}
