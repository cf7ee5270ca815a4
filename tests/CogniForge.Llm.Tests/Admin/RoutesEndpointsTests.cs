using System.Text.Json;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Admin;

public sealed class RoutesEndpointsTests : IDisposable
{
    private const string Path = "/api/v1/llm/routes";
    private const string MockRoute = """{"targets":[{"provider":"mock","model":"mock"}]}""";

    private readonly GatewayHost _gateway = GatewayHost.Start(
        ("Routes:configured:Targets:0:Provider", "mock"),
        ("Routes:configured:Targets:0:Model", "mock"),
        ("Routes:configured:Aliases:0", "also-configured")
    );

    [Fact]
    public async Task Put_Route_ServesAllNamesAndIsListed()
    {
        const string Route = """
            {"targets":[
               {"provider":"mock","model":"mock-a","order":0,"weight":2.5},
               {"provider":"mock","model":"mock-b","order":0,"weight":1}],
             "aliases":["quick","team/quick:1"],"defaults":{"temperature":0.2},"maxOutputTokens":3,
             "limits":{"tokensPerMinute":90000},"timeouts":{"firstTokenMs":5000,"totalMs":60000},
             "cache":{"lifetimeSeconds":60}}
            """;
        using var created = await _gateway.Client.PutAsync($"{Path}/fast", Route);
        var view = """
            {"name":"fast","origin":"api",
            "targets":[{"provider":"mock","model":"mock-a","order":0,"weight":2.5},
            {"provider":"mock","model":"mock-b","order":0,"weight":1}],
            "aliases":["quick","team/quick:1"],"defaults":{"temperature":0.2},"maxOutputTokens":3,
            "limits":{"requestsPerMinute":null,"tokensPerMinute":90000},
            "timeouts":{"firstTokenMs":5000,"silenceMs":null,"answerMs":null,"totalMs":60000},
            "cache":{"lifetimeSeconds":60,"shared":false},"statefulReferences":"own","allowedBetas":null}
            """.ReplaceLineEndings("");
        Assert.Equal(view, (await created.ReadAsync(201)).GetRawText());
        using var got = await _gateway.Client.GetAsync($"{Path}/fast");
        Assert.Equal(view, (await got.ReadAsync(200)).GetRawText());
        Assert.Equal(["configured:configuration", "fast:api"], await NamesAsync());

        foreach (var name in new[] { "fast", "quick", "team/quick:1" })
        {
            var response = await ChatAsync(name, 200);
            Assert.StartsWith("mock-", response.GetProperty("model").GetString(), StringComparison.Ordinal);
            Assert.Equal(3, response.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        }

        using var replaced = await _gateway.Client.PutAsync($"{Path}/fast", MockRoute);
        await replaced.ReadAsync(200);
        await ChatAsync("quick", 404);

        Assert.Equal(204, (int)(await _gateway.Client.DeleteAsync($"{Path}/fast")).StatusCode);
        await ChatAsync("fast", 404);
        await Problem.ReadAsync(await _gateway.Client.GetAsync($"{Path}/fast"), 404);
        await Problem.ReadAsync(await _gateway.Client.DeleteAsync($"{Path}/fast"), 404);
    }

    [Theory]
    [InlineData("team/fast")]
    [InlineData("team%2Ffast")]
    public async Task Put_NameWithSlashes_AcceptsBothEncodings(string inPath)
    {
        await (await _gateway.Client.PutAsync($"{Path}/{inPath}", MockRoute)).ReadAsync(201);
        Assert.Contains("team/fast:api", await NamesAsync());
        await ChatAsync("team/fast", 200);
        Assert.Equal(204, (int)(await _gateway.Client.DeleteAsync($"{Path}/{inPath}")).StatusCode);
    }

    [Fact]
    public async Task Put_ConfiguredName_OverridesUntilDeleted()
    {
        await (
            await _gateway.Client.PutAsync(
                $"{Path}/configured",
                """{"targets":[{"provider":"mock","model":"mock-api"}]}"""
            )
        ).ReadAsync(201);
        Assert.Equal("mock-api", (await ChatAsync("configured", 200)).GetProperty("model").GetString());
        await ChatAsync("also-configured", 404);

        Assert.Equal(204, (int)(await _gateway.Client.DeleteAsync($"{Path}/configured")).StatusCode);
        Assert.Equal("mock", (await ChatAsync("also-configured", 200)).GetProperty("model").GetString());
        var conflict = await Problem.ReadAsync(await _gateway.Client.DeleteAsync($"{Path}/configured"), 409);
        Assert.Contains("configuration", conflict.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x", """{"targets":[{"provider":"mock","model":"m"}],"aliases":["configured"]}""")]
    [InlineData("x", """{"targets":[{"provider":"mock","model":"m"}],"aliases":["also-configured"]}""")]
    [InlineData("also-configured", MockRoute)]
    public async Task Put_NameOfAnotherRoute_IsConflict(string name, string route)
    {
        var problem = await Problem.ReadAsync(await _gateway.Client.PutAsync($"{Path}/{name}", route), 409);
        Assert.Contains("belongs to the route configured", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(["configured:configuration"], await NamesAsync());
    }

    [Theory]
    [InlineData("{}", "targets: must have 1 to 100 targets")]
    [InlineData("""{"targets":[]}""", "targets: must have 1 to 100 targets")]
    [InlineData("""{"targets":[null]}""", "targets[0]: must be an object")]
    [InlineData("""{"targets":[{}]}""", "targets[0].model: must be 1 to 200*", "targets[0].provider: must be 1 to 64*")]
    [InlineData(
        """{"targets":[{"provider":"missing","model":"m"}]}""",
        "targets[0].provider: must name an existing provider: mock"
    )]
    [InlineData(
        """{"targets":[{"provider":"missing","model":"m","weight":0}]}""",
        "targets[0].provider: must name an existing provider: mock",
        "targets[0].weight: must be above 0, up to 1000000"
    )]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m","weight":0}]}""",
        "targets[0].weight: must be above 0, up to 1000000"
    )]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m","weight":1e300}]}""",
        "targets[0].weight: must be above 0, up to 1000000"
    )]
    [InlineData("""{"targets":[{"provider":"mock","model":"m","order":-1}]}""", "targets[0].order: must be 0 to 1000")]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m","order":1.5}]}""",
        "targets[0].order: must be a whole number in range"
    )]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m","wieght":1}]}""",
        "targets[0].wieght: is not a known field"
    )]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m"}],"name":"x"}""",
        "name: is not a known field"
    )]
    [InlineData("""{"targets":[{"provider":"mock","model":"m"}],"aliases":["a b"]}""", "aliases[0]: must be 1 to 200*")]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m"}],"aliases":["a","a"]}""",
        "aliases[1]: must differ from the other names of the route"
    )]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m"}],"aliases":["r"]}""",
        "aliases[0]: must differ from the other names of the route"
    )]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m"}],"maxOutputTokens":0}""",
        "maxOutputTokens: must be 1 or more"
    )]
    [InlineData(
        """
        {"targets":[{"provider":"mock","model":"m"}],"limits":{"requestsPerMinute":0,"tokensPerMinute":1000000001}}
        """,
        "limits.requestsPerMinute: must be 1 to 1000000",
        "limits.tokensPerMinute: must be 1 to 1000000000"
    )]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m"}],"limits":{"tokensPerMinute":1.5}}""",
        "limits.tokensPerMinute: must be a whole number in range"
    )]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m"}],"limits":{"requestPerMinute":1}}""",
        "limits.requestPerMinute: is not a known field"
    )]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m"}],"limits":{"budget":{}}}""",
        "limits.budget: is not a known field"
    )]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m"}],"timeouts":{"firstTokenMs":0,"totalMs":3600001}}""",
        "timeouts.firstTokenMs: must be 1 to 3600000",
        "timeouts.totalMs: must be 1 to 3600000"
    )]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m"}],"timeouts":{"total":1}}""",
        "timeouts.total: is not a known field"
    )]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m"}],"cache":{}}""",
        "cache.lifetimeSeconds: must be 1 to 2592000"
    )]
    [InlineData("""{"targets":[{"provider":"mock","model":"m"}],"defaults":[]}""", "defaults: must be an object*")]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m"}],"defaults":{"a":1,"a":2}}""",
        "defaults.a: must occur only once"
    )]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m"}],"defaults":{"a":"\ud800"}}""",
        "defaults: must be an object*"
    )]
    [InlineData(
        """{"targets":[{"provider":"mock","model":"m"}],"defaults":{"stream":true,"max_tokens":5}}""",
        "defaults.max_tokens: cannot be a default; use maxOutputTokens",
        "defaults.stream: cannot be a default"
    )]
    public async Task Put_InvalidRoute_ReturnsFieldErrors(string route, params string[] rules)
    {
        using var response = await _gateway.Client.PutAsync($"{Path}/r", route);
        var errors = (await Problem.ReadRulesAsync(response)).ToList();
        Assert.Equal(rules.Length, errors.Count);
        foreach (var (expected, actual) in rules.Zip(errors))
        {
            Assert.True(
                expected == actual
                    || (expected.EndsWith('*') && actual.StartsWith(expected[..^1], StringComparison.Ordinal)),
                $"expected {expected}, was {actual}"
            );
        }

        await Problem.ReadAsync(await _gateway.Client.GetAsync($"{Path}/r"), 404);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("-a")]
    [InlineData("\u00e4")]
    public async Task Put_InvalidName_IsRejected(string name) =>
        Assert.Contains(
            await Problem.ReadRulesAsync(
                await _gateway.Client.PutAsync($"{Path}/{Uri.EscapeDataString(name)}", MockRoute)
            ),
            r => r.StartsWith("name: must be 1 to 200", StringComparison.Ordinal)
        );

    [Fact]
    public async Task Write_KeyWithoutAdminScope_IsForbidden()
    {
        using var reader = _gateway.NewClient(
            await _gateway.CreateKeyAsync("llm", "llm:read", "llm:write", "llm:invoke")
        );
        await (await reader.GetAsync(Path)).ReadAsync(200);
        await Problem.ReadAsync(await reader.PutAsync($"{Path}/r", MockRoute), 403);
        await Problem.ReadAsync(await reader.DeleteAsync($"{Path}/r"), 403);
        using var caller = _gateway.NewClient(await _gateway.CreateKeyAsync("llm", "llm:invoke"));
        await Problem.ReadAsync(await caller.GetAsync(Path), 403);
    }

    public void Dispose() => _gateway.Dispose();

    private async Task<IEnumerable<string>> NamesAsync() =>
        [
            .. (await (await _gateway.Client.GetAsync(Path)).ReadAsync(200))
                .GetProperty("items")
                .EnumerateArray()
                .Select(r => $"{r.GetProperty("name")}:{r.GetProperty("origin")}"),
        ];

    private async Task<JsonElement> ChatAsync(string model, int status)
    {
        using var response = await _gateway.Client.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]}"""
        );
        return await response.ReadAsync(status);
    }
}
