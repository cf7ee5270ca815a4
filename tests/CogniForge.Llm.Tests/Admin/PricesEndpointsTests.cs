using System.Text.Json;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.Logging;

namespace CogniForge.Llm.Tests.Admin;

public sealed class PricesEndpointsTests : IDisposable
{
    private const string Path = "/api/v1/llm/prices";
    private readonly GatewayHost _gateway = GatewayHost.Start();

    [Fact]
    public async Task Put_Price_AppliesToLaterRequests()
    {
        var free = await ChatAsync("mock");
        Assert.Equal(0m, free.GetProperty("cost").GetDecimal());

        const string Rates = """
            {"input":1.5,"output":3,"perRequest":0.001,"perImage":0.25,"perCharacter":0.00001,
             "serviceTiers":{"flex":0.5},"audio":{"input":32,"output":64},"toolFees":{"web_search":0.01},
             "source":"contract 4711"}
            """;
        var created = await (await _gateway.Client.PutAsync($"{Path}/2026-01-01/mock", Rates)).ReadAsync(201);
        Assert.Equal(
            """
            {"model":"mock","provider":null,"effectiveFrom":"2026-01-01","origin":"api","input":1.5,"output":3,
            "cacheRead":null,"cacheWrite":null,"cacheWriteLong":null,"reasoning":null,
            "audio":{"input":32,"cacheRead":null,"output":64},"image":null,"perRequest":0.001,
            "perImage":0.25,"perMinute":0,"perCharacter":0.00001,"toolFees":{"web_search":0.01},
            "longContext":null,"serviceTiers":{"flex":0.5},
            "source":"contract 4711"}
            """.ReplaceLineEndings(""),
            created.GetRawText()
        );

        // "Hello" is two tokens, "You said: Hello" is four.
        var text = await ChatAsync("mock");
        Assert.Equal(0.001m + ((2 * 1.5m) + (4 * 3m)) / 1_000_000m, text.GetProperty("cost").GetDecimal());
        var images = await ChatAsync(
            "mock",
            """
            [{"type":"text","text":"Hello"},{"type":"image_url","image_url":{"url":"https://a/b.png"}},
             {"type":"image_url","image_url":{"url":"https://a/c.png"}}]
            """
        );
        Assert.Equal(0.5m, decimal.Floor(images.GetProperty("cost").GetDecimal() * 10) / 10);
        Assert.Equal(0m, (await EntryAsync(free.GetProperty("id").GetString()!)).GetProperty("cost").GetDecimal());

        await (
            await _gateway.Client.PutAsync($"{Path}/2026-01-01/mock?provider=mock", """{"input":0,"output":100}""")
        ).ReadAsync(201);
        Assert.Equal(0.0004m, (await ChatAsync("mock")).GetProperty("cost").GetDecimal());
        await (
            await _gateway.Client.PutAsync($"{Path}/9999-12-31/mock?provider=mock", """{"input":0,"output":999}""")
        ).ReadAsync(201);
        Assert.Equal(0.0004m, (await ChatAsync("mock")).GetProperty("cost").GetDecimal());

        Assert.Equal(204, (int)(await _gateway.Client.DeleteAsync($"{Path}/2026-01-01/mock?provider=mock")).StatusCode);
        Assert.Equal(204, (int)(await _gateway.Client.DeleteAsync($"{Path}/9999-12-31/mock?provider=mock")).StatusCode);
        Assert.Equal(204, (int)(await _gateway.Client.DeleteAsync($"{Path}/2026-01-01/mock")).StatusCode);
        Assert.Equal(0m, (await ChatAsync("mock")).GetProperty("cost").GetDecimal());
        await Problem.ReadAsync(await _gateway.Client.DeleteAsync($"{Path}/2026-01-01/mock"), 404);
    }

    [Theory]
    [InlineData("2026-11-01/nosuch", 404, "There is no price of nosuch from 2026-11-01 on for every provider.")]
    [InlineData("2026-11-01/org/m?provider=p", 404, "There is no price of org/m from 2026-11-01 on at the provider p.")]
    [InlineData(
        "2026-09-22/gpt-6-luna",
        409,
        "The price of gpt-6-luna from 2026-09-22 on for every provider is built in and cannot be deleted."
    )]
    public async Task Delete_NotOwnPrice_NamesIt(string price, int status, string detail)
    {
        var problem = await Problem.ReadAsync(await _gateway.Client.DeleteAsync($"{Path}/{price}"), status);
        Assert.Equal(detail, problem.Detail);
    }

    [Fact]
    public async Task Put_SameDay_OverridesBuiltInUntilDeleted()
    {
        var builtIn = Assert.Single(await ListAsync("?model=gpt-6-luna"));
        Assert.Equal(("builtIn", "2026-09-22", 0.1m), Key(builtIn));
        await Problem.ReadAsync(await _gateway.Client.DeleteAsync($"{Path}/2026-09-22/gpt-6-luna"), 409);

        await (await _gateway.Client.PutAsync($"{Path}/2026-09-22/gpt-6-luna", """{"input":7,"output":8}""")).ReadAsync(
            201
        );
        Assert.Equal(("api", "2026-09-22", 7m), Key(Assert.Single(await ListAsync("?model=gpt-6-luna"))));
        await (await _gateway.Client.PutAsync($"{Path}/2026-09-22/gpt-6-luna", """{"input":9,"output":8}""")).ReadAsync(
            200
        );

        Assert.Equal(204, (int)(await _gateway.Client.DeleteAsync($"{Path}/2026-09-22/gpt-6-luna")).StatusCode);
        Assert.Equal(("builtIn", "2026-09-22", 0.1m), Key(Assert.Single(await ListAsync("?model=gpt-6-luna"))));

        static (string?, string?, decimal) Key(JsonElement p) =>
            (
                p.GetProperty("origin").GetString(),
                p.GetProperty("effectiveFrom").GetString(),
                p.GetProperty("input").GetDecimal()
            );
    }

    [Fact]
    public async Task Chat_UnpricedModel_HasNullCostAndWarning()
    {
        await (
            await _gateway.Client.PutAsync(
                "/api/v1/llm/routes/odd",
                """{"targets":[{"provider":"mock","model":"unpriced-model"}]}"""
            )
        ).ReadAsync(201);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(JsonValueKind.Null, (await ChatAsync("odd")).GetProperty("cost").ValueKind);
        }

        Assert.Single(
            _gateway.Logged(LogLevel.Warning),
            l => l.Contains("mock/unpriced-model has no price", StringComparison.Ordinal)
        );
        var usage = await (await _gateway.Client.GetAsync("/api/v1/llm/usage")).ReadAsync(200);
        Assert.Equal(
            (3, 0m),
            (
                usage.GetProperty("totals").GetProperty("unpriced").GetInt32(),
                usage.GetProperty("totals").GetProperty("cost").GetDecimal()
            )
        );
    }

    [Theory]
    [InlineData("2026-01-01/m", "{}", "input: is required", "output: is required")]
    [InlineData("2026-01-01/m", """{"input":-1,"output":1}""", "input: must be 0 to 1000000, with at most 9 decimals")]
    [InlineData(
        "2026-01-01/m",
        """{"input":1,"output":0.0000000001}""",
        "output: must be 0 to 1000000, with at most 9 decimals"
    )]
    [InlineData(
        "2026-01-01/m",
        """{"input":1,"output":1000000.5}""",
        "output: must be 0 to 1000000, with at most 9 decimals"
    )]
    [InlineData("2026-01-01/m", """{"input":1,"output":"1"}""", "output: must be a number")]
    [InlineData("2026-01-01/m", """{"input":1,"output":1,"cached":1}""", "cached: is not a known field")]
    [InlineData(
        "2026-01-01/m",
        """{"input":1,"output":1,"longContext":{"aboveInputTokens":0,"inputFactor":2,"outputFactor":0}}""",
        "longContext.aboveInputTokens: must be 1 or more",
        "longContext.outputFactor: must be above 0, up to 100, with at most 4 decimals"
    )]
    [InlineData(
        "2026-01-01/m",
        """
        {"input":1,"output":1,"serviceTiers":{"default":2,"flex":0,"fast":100.5,"priority":1.00001,"scale":100}}
        """,
        "serviceTiers.default: must be absent: its rates are those of the price",
        "serviceTiers.fast: must be above 0, up to 100, with at most 4 decimals",
        "serviceTiers.flex: must be above 0, up to 100, with at most 4 decimals",
        "serviceTiers.priority: must be above 0, up to 100, with at most 4 decimals"
    )]
    [InlineData(
        "2026-01-01/m",
        """{"input":1,"output":1,"serviceTiers":{"":2}}""",
        "serviceTiers: each name must be 1 to 64 letters, digits, underscores and hyphens"
    )]
    [InlineData(
        "2026-01-01/m",
        """
        {"input":1,"output":1,"serviceTiers":{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,
         "m":1,"n":1,"o":1,"p":1,"q":1}}
        """,
        "serviceTiers: must have at most 16 tiers"
    )]
    [InlineData(
        "2026-01-01/m",
        """{"input":1,"output":1,"serviceTiers":{"flex":"half"}}""",
        "serviceTiers.flex: must be a number"
    )]
    [InlineData(
        "2026-01-01/m",
        """{"input":1,"output":1,"audio":{"input":-1},"image":{"output":0.0000000001}}""",
        "audio.input: must be 0 to 1000000, with at most 9 decimals",
        "image.output: must be 0 to 1000000, with at most 9 decimals"
    )]
    [InlineData("2026-01-01/m", """{"input":1,"output":1,"audio":{"in":1}}""", "audio.in: is not a known field")]
    [InlineData(
        "2026-01-01/m",
        """{"input":1,"output":1,"toolFees":{"web search":1,"web_search":-0.01}}""",
        "toolFees.web_search: must be 0 to 1000000, with at most 9 decimals",
        "toolFees: each name must be 1 to 64 letters, digits, underscores and hyphens"
    )]
    [InlineData(
        "2026-01-01/a*b",
        """{"input":1,"output":1}""",
        "model: must be 1 to 200 letters, digits and any of ._:/@+*-, and start with a letter, a digit or *; "
            + "* must be last"
    )]
    [InlineData(
        "2026-01-01/m?provider=Open%20AI",
        """{"input":1,"output":1}""",
        "provider: must be 1 to 64 lower-case letters, digits and hyphens, and not start with a hyphen"
    )]
    [InlineData(
        "2026-01-01/m?provider=nope",
        """{"input":1,"output":1}""",
        "provider: must name an existing provider: anthropic, deepseek, fireworks, gemini, groq, kimi, lmstudio, "
            + "mistral, mock, ollama, openai, openrouter, together, vllm, xai"
    )]
    [InlineData("2026-02-30/m", """{"input":1,"output":1}""", "effectiveFrom: must be a date in ISO 8601, yyyy-MM-dd")]
    [InlineData("01-11-2026/m", """{"input":1,"output":1}""", "effectiveFrom: must be a date in ISO 8601, yyyy-MM-dd")]
    [InlineData("1.2.2026/m", """{"input":1,"output":1}""", "effectiveFrom: must be a date in ISO 8601, yyyy-MM-dd")]
    [InlineData(
        "Nov%201%202026/m",
        """{"input":1,"output":1}""",
        "effectiveFrom: must be a date in ISO 8601, yyyy-MM-dd"
    )]
    [InlineData("2026-1-1/m", """{"input":1,"output":1}""", "effectiveFrom: must be a date in ISO 8601, yyyy-MM-dd")]
    public async Task Put_InvalidPrice_ReturnsFieldErrors(string key, string price, params string[] rules) =>
        Assert.Equal(rules, await Problem.ReadRulesAsync(await _gateway.Client.PutAsync($"{Path}/{key}", price)));

    [Theory]
    [InlineData("prices?modell=mock", "modell: is not a known parameter; known: model, provider")]
    [InlineData("routes?name=fast", "name: is not a known parameter; known: none")]
    [InlineData("providers?limit=1", "limit: is not a known parameter; known: none")]
    [InlineData("keys?name=bot", "name: is not a known parameter; known: limit, cursor")]
    [InlineData("requests/count?status=500", "status: is not a known parameter; known: none")]
    public async Task Get_UnknownParameter_IsRejected(string list, string rule) =>
        Assert.Equal([rule], await Problem.ReadRulesAsync(await _gateway.Client.GetAsync($"/api/v1/llm/{list}")));

    [Fact]
    public async Task Put_ProviderWithoutKey_IsAccepted() =>
        await (
            await _gateway.Client.PutAsync($"{Path}/2026-01-01/m?provider=openai", """{"input":1,"output":1}""")
        ).ReadAsync(201);

    [Fact]
    public async Task Delete_MistypedParameter_KeepsPrice()
    {
        await (await _gateway.Client.PutAsync($"{Path}/2026-01-01/m", """{"input":1,"output":1}""")).ReadAsync(201);
        Assert.Equal(
            ["providr: is not a known parameter; known: provider"],
            await Problem.ReadRulesAsync(await _gateway.Client.DeleteAsync($"{Path}/2026-01-01/m?providr=mock"))
        );
        Assert.Single(await ListAsync("?model=m"));
    }

    [Fact]
    public async Task Write_KeyWithoutAdminScope_IsForbidden()
    {
        using var reader = _gateway.NewClient(await _gateway.CreateKeyAsync("llm", "llm:read", "llm:write"));
        await (await reader.GetAsync(Path)).ReadAsync(200);
        await Problem.ReadAsync(await reader.PutAsync($"{Path}/2026-01-01/m", """{"input":1,"output":1}"""), 403);
        await Problem.ReadAsync(await reader.DeleteAsync($"{Path}/2026-01-01/m"), 403);
    }

    public void Dispose() => _gateway.Dispose();

    private async Task<List<JsonElement>> ListAsync(string query) =>
        [
            .. (await (await _gateway.Client.GetAsync(Path + query)).ReadAsync(200))
                .GetProperty("items")
                .EnumerateArray(),
        ];

    /// <summary>Sends a chat completion and returns its entry in the request log.</summary>
    private async Task<JsonElement> ChatAsync(string model, string content = "\"Hello\"")
    {
        using var response = await _gateway.Client.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"{{model}}","messages":[{"role":"user","content":{{content}}}]}"""
        );
        await response.ReadAsync(200);
        return await EntryAsync(response.Headers.GetValues("x-request-id").Single());
    }

    private async Task<JsonElement> EntryAsync(string id)
    {
        JsonElement found = default;
        await Until.EqualAsync(
            true,
            async () =>
            {
                var items = (await (await _gateway.Client.GetAsync("/api/v1/llm/requests?limit=1000")).ReadAsync(200))
                    .GetProperty("items")
                    .EnumerateArray();
                found = items.FirstOrDefault(r => r.GetProperty("id").GetString() == id);
                return found.ValueKind == JsonValueKind.Object;
            }
        );
        return found;
    }
}
