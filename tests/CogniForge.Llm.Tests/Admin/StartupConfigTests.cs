using CogniForge.Llm.Configuration;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.Configuration;

namespace CogniForge.Llm.Tests.Admin;

/// <summary>Routes and providers of the configuration follow the rules of the admin API.</summary>
public class StartupConfigTests
{
    [Theory]
    [InlineData("MaxOutputTokens", "5", "targets must have 1 to 100 targets")]
    [InlineData("Targets", "mock", "targets must be a list")]
    [InlineData("Targets:0:Provider", "missing", "targets[0].provider must name an existing provider: *")]
    [InlineData("Targets:0:Provider", "", "targets[0].provider must be 1 to 64 lower-case letters*")]
    [InlineData("Targets:0:Model", "a b", "targets[0].model must be 1 to 200*")]
    [InlineData("Targets:0:Weight", "-1", "targets[0].weight must be above 0, up to 1000000")]
    [InlineData("Targets:0:Weight", "NaN", "targets[0].weight must be a number")]
    [InlineData("Targets:0:Weight", "heavy", "targets[0].weight must be a number")]
    [InlineData("Targets:0:Order", "1001", "targets[0].order must be 0 to 1000")]
    [InlineData("Targets:0:Order", "1.5", "targets[0].order must be a whole number in range")]
    [InlineData("Targets:0:Wieght", "1", "targets[0].Wieght is not a known setting")]
    [InlineData("Aliases:0", "fast", "aliases[0] must differ from the other names of the route")]
    [InlineData("MaxOutputTokens", "0", "maxOutputTokens must be 1 or more")]
    [InlineData("Limits", "many", "limits must have settings of its own")]
    [InlineData("Limits:RequestsPerMinute", "0", "limits.requestsPerMinute must be 1 to 1000000")]
    [InlineData("Limits:Requests", "1", "limits.Requests is not a known setting")]
    [InlineData("Timeouts:FirstToken", "-00:00:05", "timeouts.firstTokenMs must be 1 to 3600000")]
    [InlineData("Timeouts:Total", "2.00:00:00", "timeouts.totalMs must be 1 to 3600000")]
    [InlineData("Timeouts:Answer", "soon", "timeouts.Answer must be a duration, e.g. 00:00:05")]
    [InlineData("Timeouts:FirstTokn", "00:00:05", "timeouts.FirstTokn is not a known setting")]
    [InlineData("Cache:Shared", "true", "cache.lifetimeSeconds must be 1 to 2592000")]
    [InlineData("Cache:Shared", "yes", "cache.lifetimeSeconds must be*", "cache.shared must be true or false")]
    [InlineData("Cache:Lifetime", "31.00:00:00", "cache.lifetimeSeconds must be 1 to 2592000")]
    [InlineData("Defaults:temperature", "0.2", "defaults can only be set by the API")]
    [InlineData("Wildcard", "true", "Wildcard is not a known setting")]
    public void Read_InvalidRoute_NamesPathAndRule(string name, string value, params string[] rules)
    {
        var settings = new Dictionary<string, string?> { [$"Routes:fast:{name}"] = value };
        if (rules[0] is not ("targets must have 1 to 100 targets" or "targets must be a list"))
        {
            settings.TryAdd("Routes:fast:Targets:0:Provider", "mock");
            settings.TryAdd("Routes:fast:Targets:0:Model", "mock");
        }

        AssertErrors(rules.Select(r => $"Routes:fast:{r}"), settings);
    }

    [Theory]
    [InlineData("p", "Kind", "Telepathy", "kind must be one of mock, openAI, anthropic, openRouter, *")]
    [InlineData("p", "Kind", "OpenAICompatible", "baseUrl is required: this kind has no default")]
    [InlineData("p", "BaseUrl", "ftp://localhost/v1", "baseUrl must be an absolute http or https URL")]
    [InlineData("openai", "Key", "sk-1", "Key is not a known setting")]
    [InlineData("p_q", "BaseUrl", "http://localhost/v1", "name must be 1 to 64 lower-case letters*")]
    [InlineData("mock", "Kind", "Mock", " The provider mock is built in.")]
    public void Read_InvalidProvider_NamesPathAndRule(string provider, string name, string value, string rule) =>
        AssertErrors([$"Providers:{provider}:{rule}"], new() { [$"Providers:{provider}:{name}"] = value });

    [Theory]
    [InlineData("FirstToken", "00:00:00", "firstTokenMs must be 1 to 3600000")]
    [InlineData("Connect", "01:00:01", "connectMs must be 1 to 3600000")]
    [InlineData("KeepAlive", "-00:00:01", "keepAliveMs must be 0 to 3600000")]
    [InlineData("Silenze", "00:00:05", "Silenze is not a known setting")]
    public void Read_InvalidTimeoutOfService_NamesPathAndRule(string name, string value, string rule) =>
        AssertErrors([$"Timeouts:{rule}"], new() { [$"Timeouts:{name}"] = value });

    [Fact]
    public void Read_InvalidTimeoutOfProvider_NamesPathAndRule() =>
        AssertErrors(
            ["Providers:p:timeouts.connectMs must be 1 to 3600000"],
            new() { ["Providers:p:BaseUrl"] = "http://localhost/v1", ["Providers:p:Timeouts:Connect"] = "0" }
        );

    [Fact]
    public void Read_SeveralErrors_ReportsAll() =>
        AssertErrors(
            [
                "Providers:p:baseUrl must be an absolute http or https URL",
                "Routes:a:targets[0].weight must be above 0, up to 1000000",
                "Routes:a:targets[1].provider must name an existing provider: *",
                "Routes:a:timeouts.silenceMs must be 1 to 3600000",
                "Routes:a:Limit is not a known setting",
                "Routes:b:targets must have 1 to 100 targets",
            ],
            new()
            {
                ["Providers:p:BaseUrl"] = "localhost",
                ["Routes:a:Targets:0:Provider"] = "mock",
                ["Routes:a:Targets:0:Model"] = "mock",
                ["Routes:a:Targets:0:Weight"] = "0",
                ["Routes:a:Targets:1:Provider"] = "missing",
                ["Routes:a:Targets:1:Model"] = "mock",
                ["Routes:a:Timeouts:Silence"] = "00:00:00",
                ["Routes:a:Limit"] = "1",
                ["Routes:b:Aliases:0"] = "c",
            }
        );

    [Fact]
    public void Read_NameOfAnotherRoute_IsError() =>
        AssertErrors(
            ["Routes:b: The name a belongs to the route a."],
            new()
            {
                ["Routes:a:Targets:0:Provider"] = "mock",
                ["Routes:a:Targets:0:Model"] = "mock",
                ["Routes:b:Targets:0:Provider"] = "mock",
                ["Routes:b:Targets:0:Model"] = "mock",
                ["Routes:b:Aliases:0"] = "a",
            }
        );

    [Theory]
    [InlineData("Timeouts:FirstToken", "00:00:01.5", "Cache:Lifetime", "00:10:00")]
    [InlineData("timeouts:firstTokenMs", "1500", "cache:lifetimeSeconds", "600")]
    public void Read_ValidRoute_MatchesRouteOfApi(string timeout, string time, string lifetime, string duration)
    {
        var route = Assert.Single(
            Read(
                new()
                {
                    ["Routes:fast:Targets:0:Provider"] = "mock",
                    ["Routes:fast:Targets:0:Model"] = "a",
                    ["Routes:fast:Targets:0:Order"] = "0",
                    ["Routes:fast:Targets:0:Weight"] = "2.5",
                    ["Routes:fast:Targets:1:Provider"] = "openai",
                    ["Routes:fast:Targets:1:Model"] = "b",
                    ["Routes:fast:Aliases:0"] = "quick",
                    ["Routes:fast:MaxOutputTokens"] = "7",
                    ["Routes:fast:Limits:TokensPerMinute"] = "90000",
                    [$"Routes:fast:{timeout}"] = time,
                    [$"Routes:fast:{lifetime}"] = duration,
                    ["Routes:fast:Cache:Shared"] = "True",
                }
            ).Routes
        );
        var byApi = ConfigJson
            .Read<RouteConfig>(
                """
                {"targets":[{"provider":"mock","model":"a","order":0,"weight":2.5},{"provider":"openai","model":"b"}],
                 "aliases":["quick"],"maxOutputTokens":7,"limits":{"tokensPerMinute":90000},
                 "timeouts":{"firstTokenMs":1500},"cache":{"lifetimeSeconds":600,"shared":true}}
                """
            )
            .ToRoute("fast", ConfigOrigin.Api);
        Assert.Equal(ConfigOrigin.Configuration, route.Origin);
        Assert.Equal(
            ConfigJson.Write(RouteInfo.From(byApi)),
            ConfigJson.Write(RouteInfo.From(route with { Origin = ConfigOrigin.Api }))
        );
    }

    [Fact]
    public void Read_Providers_NeedKeyOrAddress()
    {
        var file = Read(
            new()
            {
                ["Providers:openai:ApiKey"] = "sk-1",
                ["Providers:ANTHROPIC:ApiKey"] = "sk-2",
                ["Providers:openrouter:ApiKey"] = "",
                ["Providers:later:ApiKey"] = "sk-3",
                ["Providers:later:Kind"] = "mock",
                ["Providers:local:BaseUrl"] = "http://localhost:11434/v1",
                ["Providers:second:Kind"] = "mock",
                ["Providers:eu:Kind"] = "OpenAI",
                ["Routes:r:Targets:0:Provider"] = "later",
                ["Routes:r:Targets:0:Model"] = "m",
            }
        );
        Assert.Equal(
            [
                ("anthropic", ProviderKind.Anthropic),
                ("later", ProviderKind.Mock),
                ("local", ProviderKind.OpenAICompatible),
                ("openai", ProviderKind.OpenAI),
                ("second", ProviderKind.Mock),
            ],
            file.Providers.Select(p => (p.Name, p.Kind)).Order()
        );
        Assert.Equal(["anthropic", "later", "openai"], file.Keyed.Select(k => k.ToLowerInvariant()).Order());
    }

    [Fact]
    public void Start_InvalidRoutes_FailsWithLinePerError()
    {
        var error = Assert.ThrowsAny<Exception>(() =>
            GatewayHost.Start(("Routes:a:MaxOutputTokens", "0"), ("Routes:b:Targets:0:Provider", "missing"))
        );
        AssertMessage(
            [
                "Routes:a:maxOutputTokens must be 1 or more",
                "Routes:a:targets must have 1 to 100 targets",
                "Routes:b:targets[0].model must be 1 to 200*",
                "Routes:b:targets[0].provider must name an existing provider: *",
            ],
            error.GetBaseException()
        );
    }

    private static void AssertErrors(IEnumerable<string> expected, Dictionary<string, string?> settings) =>
        AssertMessage(expected, Assert.Throws<InvalidConfigException>(() => Read(settings)));

    /// <summary>The message has a line per error after its first line.</summary>
    private static void AssertMessage(IEnumerable<string> expected, Exception exception)
    {
        var errors = exception
            .ToString()
            .ReplaceLineEndings("\n")
            .Split('\n')
            .Skip(1)
            .Order(StringComparer.Ordinal)
            .ToList();
        var rules = expected.Order(StringComparer.Ordinal).ToList();
        Assert.True(
            rules.Count == errors.Count && rules.Zip(errors).All(p => Matches(p.First, p.Second)),
            $"expected:\n{string.Join('\n', rules)}\nwas:\n{string.Join('\n', errors)}"
        );

        static bool Matches(string rule, string error) =>
            rule.EndsWith('*') ? error.StartsWith(rule[..^1], StringComparison.Ordinal) : error == rule;
    }

    private static StartupConfig Read(Dictionary<string, string?> settings) =>
        StartupConfigReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), hasMock: true);
}
