using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>
/// A budget counts the maximum of a request until the provider has reported the final usage. A request costs at most 4
/// millionths of a USD.
/// </summary>
public class BudgetHoldTests
{
    private readonly FakeTimeProvider _time = new(TestTime.Start);

    [Fact]
    public async Task Stream_ClientDisconnectsEarly_CountsMaximum()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (id, client) = await gateway.NewKeyAsync(Budget("0.00001"));
        provider.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("Hi"); // after any number of reasoning tokens
            await call.HangAsync();
        };

        using (var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/chat/completions", UriKind.Relative)))
        {
            request.Content = Requests.Json(Ask("fake/fake", stream: true));
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }

        await Until.EqualAsync(0.000004m, () => SpentAsync(gateway, id));
    }

    [Fact]
    public async Task Stream_BreaksEarly_CountsMaximum()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (id, client) = await gateway.NewKeyAsync(Budget("0.00001"));
        provider.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("Hi");
            await call.DataAsync("""{"error":{"message":"Broken","code":"server_error"}}""");
        };

        using var response = await client.ChatAsync(Ask("fake/fake", stream: true));
        Assert.Contains("Broken", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Assert.Equal(0.000004m, await SpentAsync(gateway, id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Response_WithoutUsage_CountsMaximum(bool stream)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (id, client) = await gateway.NewKeyAsync(Budget("0.00001"));
        provider.Behaviour = async call =>
        {
            if (stream)
            {
                await call.BeginAsync();
                await call.ChunkAsync("Hi");
                await call.FinishAsync();
                await call.DoneAsync();
                return;
            }

            await call.JsonAsync(
                200,
                """{"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}"""
            );
        };

        using var response = await client.ChatAsync(Ask("fake/fake", stream));
        Assert.Equal(200, (int)response.StatusCode);
        await response.Content.ReadAsStringAsync();

        Assert.Equal(0.000004m, await SpentAsync(gateway, id));
    }

    [Fact]
    public async Task Timeout_AfterRequestIsSent_CountsMaximum()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider, _time);
        var (id, client) = await gateway.NewKeyAsync(Budget("0.00001"));
        provider.Behaviour = call => call.HangAsync();

        Assert.Equal(504, await StatusAsync(client, "fake/fake"));

        Assert.Equal(0.000004m, await SpentAsync(gateway, id));
        await Until.EqualAsync(0.000004m, () => LoggedCostAsync(gateway, id));
    }

    [Theory]
    [InlineData(504, "0.000004")] // a proxy's timeout: the provider may have responded to the proxy
    [InlineData(500, "0")]
    [InlineData(429, "0")]
    public async Task Error_ByStatus_CountsMaximumOrNothing(int status, string spent)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider, _time);
        var (id, client) = await gateway.NewKeyAsync(Budget("0.000006")); // covers no second attempt after the first
        provider.Behaviour = call => call.ErrorAsync(status, "server_error");

        await StatusAsync(client, "fake/fake");

        Assert.Equal(Amount(spent), await SpentAsync(gateway, id));
    }

    [Fact]
    public async Task Connection_Refused_CountsNothing()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(
            provider,
            _time,
            ("Providers:fake:BaseUrl", "http://127.0.0.1:1/v1")
        );
        var (id, client) = await gateway.NewKeyAsync(Budget("0.00001"));

        Assert.Equal(502, await StatusAsync(client, "fake/fake"));

        Assert.Equal(0, await SpentAsync(gateway, id));
    }

    [Theory]
    [InlineData("0.000007", 504, "0.000004")] // does not cover both attempts
    [InlineData("0.000008", 200, "0.000007")] // the maximum, and the usage of the response
    public async Task Fallback_AfterTimeout_NeedsMaximumAgain(string amount, int status, string spent)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider, _time);
        using var put = await gateway.Client.PutAsync(
            "/api/v1/llm/routes/both",
            """
            {"targets":[{"provider":"fake","model":"fake"},{"provider":"openai-fake","model":"fake"}]}
            """
        );
        await put.ReadAsync(201);
        var (id, client) = await gateway.NewKeyAsync(Budget(amount));
        provider.InTurn(call => call.HangAsync(), call => call.RespondAsync("Hello"));

        Assert.Equal(status, await StatusAsync(client, "both"));

        Assert.Equal(Amount(spent), await SpentAsync(gateway, id));
        await Until.EqualAsync(Amount(spent), () => LoggedCostAsync(gateway, id));
    }

    private static string Budget(string amount) => $$$"""{"budget":{"amount":{{{amount}}},"period":"day"}}""";

    private static decimal Amount(string text) =>
        decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private async Task<int> StatusAsync(HttpClient client, string model)
    {
        var status = client.StatusAsync(Ask(model, stream: false));
        await _time.RunAsync(status);
        return await status;
    }

    private static async Task<decimal> SpentAsync(LimitedGateway gateway, string id) =>
        (await gateway.BudgetAsync(id)).GetProperty("spent").GetDecimal();

    private async Task<decimal> LoggedCostAsync(LimitedGateway gateway, string id)
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        using var log = await gateway.Client.GetAsync($"/api/v1/llm/requests?key={id}");
        var items = (await log.ReadAsync(200)).GetProperty("items");
        return items.GetArrayLength() == 0 ? -1 : items[0].GetProperty("cost").GetDecimal();
    }

    private static string Ask(string model, bool stream) =>
        $$"""
            {"model":"{{model}}","max_tokens":4,"stream":{{(stream ? "true" : "false")}},
             "messages":[{"role":"user","content":"Hello"}]}
            """;
}
