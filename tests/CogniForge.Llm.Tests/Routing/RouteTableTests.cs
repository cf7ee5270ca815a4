using CogniForge.Llm.Routing;
using RouteTable = CogniForge.Llm.Routing.RouteTable;

namespace CogniForge.Llm.Tests.Routing;

public class RouteTableTests
{
    private static readonly Provider[] _providers =
    [
        new("openai", ProviderKind.OpenAI),
        new("anthropic", ProviderKind.Anthropic),
        new("openrouter", ProviderKind.OpenRouter),
        new("local", ProviderKind.OpenAICompatible, new("http://localhost:11434/v1")),
    ];

    [Theory]
    [InlineData("mock", "mock/mock")]
    [InlineData("mock-fast", "mock/mock-fast")]
    [InlineData("gpt-6-sol", "openai/gpt-6-sol")]
    [InlineData("o3-mini", "openai/o3-mini")]
    [InlineData("text-embedding-3-small", "openai/text-embedding-3-small")]
    [InlineData("claude-opus-5", "anthropic/claude-opus-5")]
    [InlineData("local/qwen3:8b", "local/qwen3:8b")]
    [InlineData("local/org/model", "local/org/model")]
    [InlineData("openai/gpt-6-sol", "openai/gpt-6-sol")]
    [InlineData("meta-llama/llama-4", "openrouter/meta-llama/llama-4")]
    [InlineData("openrouter/meta-llama/llama-4", "openrouter/meta-llama/llama-4")]
    [InlineData("qwen3", null)]
    [InlineData("local/", "openrouter/local/")]
    public void Resolve_WithoutRoute_FindsProviderByName(string model, string? target) =>
        Assert.Equal(target, Targets(new RouteTable(_providers, []), model).SingleOrDefault());

    [Fact]
    public void Find_ManyNames_LeavesMemoryToResolve()
    {
        var routes = new RouteTable(_providers, []);
        for (var i = 0; i < 10_001; i++)
        {
            Assert.NotNull(routes.Find($"local/{i}"));
        }

        Assert.Same(routes.Resolve("local/a"), routes.Resolve("local/a"));
    }

    [Theory]
    [InlineData("openai", "eu")]
    [InlineData("OpenAI", "eu")]
    [InlineData("us", "eu", "eu")]
    public void Resolve_SeveralProvidersOfKind_PrefersMatchingName(
        string one,
        string other,
        string? expected = null
    )
    {
        Provider[] providers = [new(one, ProviderKind.OpenAI), new(other, ProviderKind.OpenAI)];
        Assert.All(
            [providers, [.. providers.Reverse()]],
            set => Assert.Equal([$"{expected ?? one}/gpt-6-sol"], Targets(new RouteTable(set, []), "gpt-6-sol"))
        );
    }

    [Fact]
    public void Resolve_WithoutProviders_KnowsOnlyMock()
    {
        var table = new RouteTable([], []);
        Assert.Equal(["mock/mock"], Targets(table, "mock"));
        Assert.All(new[] { "gpt-6", "claude-5", "a/b" }, model => Assert.Null(table.Resolve(model)));
    }

    [Fact]
    public void Resolve_NameOrAlias_WinsOverWildcards()
    {
        var fast = new ModelRoute("fast", [new("local", "qwen3"), new("openai", "gpt-6-luna")])
        {
            Aliases = ["gpt-6-luna", "quick"],
        };
        var table = new RouteTable(_providers, [new("gpt-*", [new("openai", "*")]), fast]);
        Assert.All(
            new[] { "fast", "quick", "gpt-6-luna" },
            name => Assert.Equal(["local/qwen3", "openai/gpt-6-luna"], Targets(table, name))
        );
        Assert.Equal("fast", table.Resolve("quick")!.Route.Name);
        Assert.Equal(["openai/gpt-6-sol"], Targets(table, "gpt-6-sol"));
    }

    [Theory]
    [InlineData("gpt-6-sol", "gpt-6-*")]
    [InlineData("gpt-5", "gpt-*")]
    [InlineData("my-model", "*-*")]
    [InlineData("anything", "*")]
    public void Resolve_Wildcards_MostLiteralCharactersWin(string model, string route)
    {
        var routes = new[] { "*", "*-*", "gpt-*", "gpt-6-*" }.Select(name => new ModelRoute(name, [new("local", "m")]));
        Assert.Equal(route, new RouteTable(_providers, routes).Resolve(model)!.Route.Name);
        Assert.Equal(route, new RouteTable(_providers, routes.Reverse()).Resolve(model)!.Route.Name);
    }

    [Fact]
    public void Resolve_TargetWildcard_IsReplaced()
    {
        var table = new RouteTable(
            _providers,
            [new("gpt-*", [new("openai", "*"), new("local", "copy-of-*")]) { Aliases = ["any"] }]
        );
        Assert.Equal(["openai/gpt-6", "local/copy-of-6"], Targets(table, "gpt-6"));
        Assert.Equal(["openai/any", "local/copy-of-any"], Targets(table, "any"));
    }

    [Theory]
    [InlineData("a.b*", "axbc")]
    [InlineData("gpt-*", "my-gpt-5")]
    [InlineData("gpt-*", "GPT-5")]
    [InlineData("*-mini", "gpt-mini\n")]
    public void Resolve_OtherNames_FindNothing(string route, string model) =>
        Assert.Null(
            new RouteTable(
                [new("local", ProviderKind.OpenAICompatible, new("http://localhost/v1"))],
                [new(route, [new("local", "m")])]
            ).Resolve(model)
        );

    [Fact]
    public void Resolve_MissingProviders_AreSkipped()
    {
        var table = new RouteTable(
            _providers,
            [new("some", [new("gone", "a"), new("local", "b")]), new("none", [new("gone", "a")])]
        );
        Assert.Equal(["local/b"], Targets(table, "some"));
        Assert.Null(table.Resolve("none"));
    }

    [Fact]
    public void Resolve_DuplicateName_LastRouteWins() =>
        Assert.Equal(
            ["local/second"],
            Targets(
                new RouteTable(_providers, [new("r", [new("local", "first")]), new("r", [new("local", "second")])]),
                "r"
            )
        );

    [Fact]
    public void Resolve_Order_DefaultsToPosition()
    {
        var route = new RouteTable(
            _providers,
            [new("r", [new("local", "a"), new("local", "b"), new("local", "c", Order: 0, Weight: 3)])]
        ).Resolve("r")!;
        Assert.Equal([(0, 1.0), (1, 1.0), (0, 3.0)], route.Targets.Select(t => (t.Order, t.Weight)));
    }

    private static IEnumerable<string> Targets(RouteTable table, string model) =>
        table.Resolve(model)?.Targets.Select(t => t.Id) ?? [];

    /// <summary>Reasoning models think for minutes, and SDKs wait ten minutes for a whole response.</summary>
    [Fact]
    public void Resolve_NoTimeouts_HasPatientDefaults() =>
        Assert.Equal(
            new Timeouts(
                Connect: TimeSpan.FromSeconds(10),
                FirstToken: TimeSpan.FromSeconds(120),
                Silence: TimeSpan.FromSeconds(120),
                Response: TimeSpan.FromMinutes(10),
                Total: TimeSpan.FromMinutes(15),
                KeepAlive: TimeSpan.FromSeconds(15)
            ),
            new RouteTable(_providers, []).Resolve("openai/gpt-6-sol")!.Targets[0].Timeouts
        );

    [Fact]
    public void Resolve_TimeoutsOnEachLevel_CloserOneWins()
    {
        var (one, two, three) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromHours(1));
        var slow = new Provider("slow", ProviderKind.OpenAICompatible, new Uri("http://localhost:1/v1"))
        {
            Timeouts = new(Silence: two, Total: three, KeepAlive: TimeSpan.Zero),
        };
        var route = new ModelRoute("r", [new("openai", "a"), new("slow", "b")])
        {
            Timeouts = new(FirstToken: three),
        };
        var resolved = new RouteTable(
            [.. _providers, slow],
            [route],
            timeouts: new(Connect: one, FirstToken: one, Silence: one, Response: one, Total: one)
        ).Resolve("r")!;
        Assert.Equal(
            [
                new(one, three, one, one, one, TimeSpan.FromSeconds(15)),
                new Timeouts(one, three, two, one, three, TimeSpan.Zero),
            ],
            resolved.Targets.Select(t => t.Timeouts)
        );
        Assert.Equal(three, resolved.Total);
    }

    [Fact]
    public void GetTimeouts_ProviderAndService_ProviderWins()
    {
        var provider = new Provider("local", ProviderKind.OpenAICompatible, new("http://localhost/v1"))
        {
            Timeouts = new(Total: TimeSpan.FromHours(1)),
        };
        var timeouts = new TimeoutOverrides(Connect: TimeSpan.FromSeconds(3), Total: TimeSpan.FromMinutes(20));

        var found = new RouteTable([provider], [], timeouts: timeouts).GetTimeouts(provider);

        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromHours(1)), (found.Connect, found.Total));
    }
}
