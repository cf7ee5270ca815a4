using System.Globalization;
using System.Text.Json;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Llm.Tests.RequestLog;

public sealed class UsageEndpointsTests : IAsyncLifetime, IDisposable
{
    private const string Usage = "/api/v1/llm/usage?from=2026-11-01&to=2026-12-01";
    private const string Requests = "/api/v1/llm/requests";
    private const string SumColumns =
        "requests,failed,cached,inputTokens,outputTokens,cacheReadTokens,cacheWriteTokens,reasoningTokens,cost,saved,"
        + "unpriced,estimated,completions,omitsRolledUpDays";
    private readonly GatewayHost _gateway = GatewayHost.Start();

    public Task InitializeAsync() =>
        _gateway
            .Services.GetRequiredService<IRequestLog>()
            .AddAsync(
                [
                    Entry("2026-11-01T00:00:00Z", "luna", "u1", 0.1m),
                    Entry("2026-11-01T23:59:59.999Z", "luna", "u2", 0.2m, estimated: true),
                    Entry("2026-11-02T00:00:00Z", "luna", "u1", null),
                    Entry("2026-11-02T01:00:00Z", "sol", "=HYPERLINK(\"http://x\",\"y\")", 0.0000000000001m),
                    Entry("2026-11-02T02:00:00Z", "sol", null, null, status: 429),
                    Entry("2026-12-01T00:00:00Z", "sol", "u1", 1000m),
                ],
                default
            );

    [Fact]
    public async Task Get_Grouped_SumsExactly()
    {
        var report = await (await _gateway.Client.GetAsync($"{Usage}&groupBy=model,day")).ReadAsync(200);
        Assert.Equal(
            """
            {"requests":5,"failed":1,"cached":0,"inputTokens":40,"outputTokens":20,"cacheReadTokens":0,
            "cacheWriteTokens":0,"reasoningTokens":0,"cost":0.3000000000001,"saved":0,"unpriced":1,"estimated":1,
            "completions":4}
            """.ReplaceLineEndings(""),
            report.GetProperty("totals").GetRawText()
        );
        Assert.Equal(["model", "day"], report.GetProperty("groupBy").EnumerateArray().Select(d => d.GetString()));
        Assert.Equal(
            [
                """{"model":"luna","day":"2026-11-01"} 2 0.3 0""",
                """{"model":"luna","day":"2026-11-02"} 1 0 1""",
                """{"model":"sol","day":"2026-11-02"} 2 0.0000000000001 0""",
            ],
            report
                .GetProperty("groups")
                .EnumerateArray()
                .Select(g => (Group: g.GetProperty("group").GetRawText(), Sums: g.GetProperty("sums")))
                .Select(g =>
                    $"{g.Group} {g.Sums.GetProperty("requests")} {Cost(g.Sums)} {g.Sums.GetProperty("unpriced")}"
                )
        );

        static string Cost(JsonElement sums) =>
            sums.GetProperty("cost").GetDecimal().ToString("0.#############", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Get_Filtered_SumsMatchingEntries()
    {
        var totals = (await (await _gateway.Client.GetAsync($"{Usage}&user=u1&model=luna")).ReadAsync(200)).GetProperty(
            "totals"
        );
        Assert.Equal(
            (2, 0.1m, 1),
            (
                totals.GetProperty("requests").GetInt32(),
                totals.GetProperty("cost").GetDecimal(),
                totals.GetProperty("unpriced").GetInt32()
            )
        );
        var nothing = await (await _gateway.Client.GetAsync($"{Usage}&key=unknown&groupBy=key")).ReadAsync(200);
        Assert.Equal(
            (0, 0),
            (
                nothing.GetProperty("totals").GetProperty("requests").GetInt32(),
                nothing.GetProperty("groups").GetArrayLength()
            )
        );
    }

    [Theory]
    [InlineData("&format=csv", null)]
    [InlineData("", "text/csv")]
    [InlineData("", "text/csv, application/json;q=0.5")]
    public async Task Get_Csv_EscapesFormulas(string query, string? accept)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri($"{Usage}&groupBy=user{query}", UriKind.Relative)
        );
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        using var response = await _gateway.Client.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            """
            user,HEADER
            ,1,1,0,0,0,0,0,0,0,0,0,0,0,false
            "'=HYPERLINK(""http://x"",""y"")",1,0,0,10,5,0,0,0,0.0000000000001,0,0,0,1,false
            u1,2,0,0,20,10,0,0,0,0.1,0,1,0,2,false
            u2,1,0,0,10,5,0,0,0,0.2,0,0,1,1,false

            """.ReplaceLineEndings("\r\n").Replace("HEADER", SumColumns, StringComparison.Ordinal),
            await response.Content.ReadAsStringAsync()
        );
    }

    [Fact]
    public async Task Get_GroupedByKey_ShowsCurrentNames()
    {
        using var created = await _gateway.Client.PostAsync(
            "/api/v1/llm/keys",
            """{"name":"old","scopes":["llm:invoke"]}"""
        );
        var id = (await created.ReadAsync(201)).GetProperty("details").GetProperty("id").GetString()!;
        using var renamed = await _gateway.Client.PatchAsync(
            new Uri($"/api/v1/llm/keys/{id}", UriKind.Relative),
            CogniForge.Tests.Requests.Json("""{"name":"=bot"}""")
        );
        await renamed.ReadAsync(200);
        using var revoked = await _gateway.Client.DeleteAsync(new Uri($"/api/v1/llm/keys/{id}", UriKind.Relative));
        var unknown = "ffffffff-fb34-7c75-ad65-0084cbb1d99c"; // e.g. from another database
        await _gateway
            .Services.GetRequiredService<IRequestLog>()
            .AddAsync(
                [
                    Entry("2026-11-03T00:00:00Z", "sol", null, 0.5m) with
                    {
                        Caller = id,
                    },
                    Entry("2026-11-03T00:00:00Z", "sol", null, 0.25m) with
                    {
                        Caller = unknown,
                    },
                ],
                default
            );

        var report = await (await _gateway.Client.GetAsync($"{Usage}&groupBy=model,key&model=sol")).ReadAsync(200);

        Assert.Equal(["model", "key"], report.GetProperty("groupBy").EnumerateArray().Select(d => d.GetString()));
        Assert.Equal(
            [
                $$"""{"model":"sol","key":"{{id}}","keyName":"=bot"}""",
                $$"""{"model":"sol","key":"{{unknown}}","keyName":null}""",
                """{"model":"sol","key":"root","keyName":"root"}""",
            ],
            report.GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("group").GetRawText())
        );

        var csv = await _gateway.Client.GetStringAsync(
            new Uri($"{Usage}&groupBy=key,model&model=sol&format=csv", UriKind.Relative)
        );
        Assert.Equal(
            $"""
            key,keyName,model,requests
            {id},'=bot,sol,1
            {unknown},,sol,1
            root,root,sol,2

            """.ReplaceLineEndings("\r\n"),
            Beginnings(csv)
        );

        static string Beginnings(string csv) =>
            string.Concat(
                csv.Split("\r\n").Select(l => l.Length == 0 ? "" : string.Join(',', l.Split(',')[..^13]) + "\r\n")
            );
    }

    [Theory]
    [InlineData(
        "?groupBy=model,hour",
        "groupBy: must be any of key, user, model, provider, route, project, day, metadata.{name}, "
            + "each at most once, separated by commas"
    )]
    [InlineData(
        "?groupBy=day,day",
        "groupBy: must be any of key, user, model, provider, route, project, day, metadata.{name}, "
            + "each at most once, separated by commas"
    )]
    [InlineData("?format=xml", "format: must be json or csv")]
    [InlineData(
        "?from=yesterday",
        "from: must be a day or a date and time in ISO 8601, e.g. 2026-11-01 or 2026-11-01T12:00:00Z"
    )]
    [InlineData(
        "?to=11/01/2026",
        "to: must be a day or a date and time in ISO 8601, e.g. 2026-11-01 or 2026-11-01T12:00:00Z"
    )]
    [InlineData("?from=2026-11-02&to=2026-11-02", "from: must be before to")]
    [InlineData("?from=2024-11-02&to=2026-11-02", "from: must be at most 366 days before to")]
    [InlineData("?user=%00", "user: must not contain U+0000")]
    public async Task Get_InvalidQuery_ReturnsFieldErrors(string query, string rule) =>
        Assert.Equal([rule], await Problem.ReadRulesAsync(await _gateway.Client.GetAsync($"/api/v1/llm/usage{query}")));

    [Fact]
    public async Task List_Pages_AreNewestFirst()
    {
        var (days, query) = (new List<string>(), "?limit=2");
        for (var pages = 0; pages < 4; pages++)
        {
            var page = await (await _gateway.Client.GetAsync(Requests + query)).ReadAsync(200);
            days.AddRange(
                page.GetProperty("items")
                    .EnumerateArray()
                    .Select(r =>
                        r.GetProperty("occurredAt").GetDateTimeOffset().ToString("dd.HH", CultureInfo.InvariantCulture)
                    )
            );
            if (page.GetProperty("next").GetString() is not { } next)
            {
                break;
            }

            query = $"?limit=2&cursor={next}";
        }

        Assert.Equal(["01.00", "02.02", "02.01", "02.00", "01.23", "01.00"], days);
    }

    [Theory]
    [InlineData("?status=429", 1)]
    [InlineData("?error=rate_limited", 1)]
    [InlineData("?status=200&model=sol", 2)]
    [InlineData("?key=root&route=fast", 6)]
    [InlineData("?user=u2", 1)]
    [InlineData("?from=2026-11-02", 4)]
    [InlineData("?from=2026-11-02T01:00:00%2B01:00", 4)]
    [InlineData("?to=2026-11-01T23:59:59.999Z", 1)]
    public async Task List_Filtered_ReturnsMatchingEntries(string query, int count) =>
        Assert.Equal(
            count,
            (await (await _gateway.Client.GetAsync(Requests + query)).ReadAsync(200))
                .GetProperty("items")
                .GetArrayLength()
        );

    [Theory]
    [InlineData("?limit=0", "limit: must be 1 to 1000")]
    [InlineData("?cursor=x", "cursor: must be the 'next' of a previous page")]
    [InlineData("?status=99", "status: must be 100 to 599")]
    [InlineData("?status=x", "status: must be a whole number in range")]
    [InlineData("?error=bad", "error: must be one of *")]
    public async Task List_InvalidQuery_ReturnsFieldErrors(string query, string rule)
    {
        var error = Assert.Single(await Problem.ReadRulesAsync(await _gateway.Client.GetAsync(Requests + query)));
        Assert.StartsWith(rule.TrimEnd('*'), error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_AfterRequest_HasEntryWithoutContent()
    {
        using var response = await _gateway.Client.PostAsync(
            "/v1/chat/completions",
            """{"model":"mock","user":"u3","messages":[{"role":"user","content":"a-secret-word"}]}"""
        );
        await response.ReadAsync(200);
        JsonElement page = default;
        await Until.EqualAsync(
            1,
            async () =>
                (page = await (await _gateway.Client.GetAsync($"{Requests}?user=u3")).ReadAsync(200))
                    .GetProperty("items")
                    .GetArrayLength()
        );
        var entry = page.GetProperty("items")[0];
        Assert.Equal(response.Headers.GetValues("x-request-id").Single(), entry.GetProperty("id").GetString());
        Assert.Equal(
            ("development", "mock", 200, 0m),
            (
                entry.GetProperty("caller").GetString(),
                entry.GetProperty("model").GetString(),
                entry.GetProperty("status").GetInt32(),
                entry.GetProperty("cost").GetDecimal()
            )
        );
        Assert.DoesNotContain("a-secret-word", page.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Requests)]
    [InlineData("/api/v1/llm/usage")]
    public async Task Get_KeyWithoutScope_IsForbidden(string path)
    {
        using var client = _gateway.NewClient(await _gateway.CreateKeyAsync("llm", "llm:invoke", "llm:write"));
        await Problem.ReadAsync(await client.GetAsync(path), 403);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _gateway.Dispose();

    private static RequestLogEntry Entry(
        string time,
        string model,
        string? user,
        decimal? cost,
        int status = 200,
        bool estimated = false
    )
    {
        var at = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        return new()
        {
            Id = Guid.CreateVersion7(at),
            OccurredAt = at,
            Caller = "root",
            User = user,
            Route = "fast",
            RequestedModel = "fast",
            Provider = "p",
            Model = model,
            Protocol = "messages",
            Status = status,
            Error = status == 200 ? null : "rate_limited",
            InputTokens = status == 200 ? 10 : 0,
            OutputTokens = status == 200 ? 5 : 0,
            Estimated = estimated,
            Cost = cost,
        };
    }
}
