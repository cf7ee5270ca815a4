using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>
/// What counts against a budget when a request does not end as it should. Each budget here bears one request of at most
/// four tokens, and almost a second one.
/// </summary>
public class BudgetSettleTests
{
    private const string AlmostTwo = """{"budget":{"amount":0.0000069,"period":"day"}}""";

    [Fact]
    public async Task Error_BeforeAnyOutput_CountsNothing()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync(AlmostTwo);
        provider.InTurn(
            call => call.ErrorAsync(400, "invalid_request_error"),
            call => call.ErrorAsync(400, "invalid_request_error"),
            call => call.RespondAsync("Hello")
        );

        Assert.Equal(
            (400, 400, 200),
            (await client.StatusAsync(Ask()), await client.StatusAsync(Ask()), await client.StatusAsync(Ask()))
        );
        Assert.Equal(402, await client.StatusAsync(Ask()));
    }

    [Fact]
    public async Task Stream_Complete_CountsReportedUsage()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync(AlmostTwo.Replace("69", "70", StringComparison.Ordinal));

        Assert.Equal(
            (200, 200),
            (await client.StatusAsync(Ask(stream: true)), await client.StatusAsync(Ask(stream: true)))
        );
        Assert.Equal(402, await client.StatusAsync(Ask(stream: true)));
    }

    [Fact]
    public async Task Stream_Broken_CountsEstimatedOutput()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync(AlmostTwo);
        var arrived = new TaskCompletionSource();
        provider.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("Hello there");
            await arrived.Task;
            call.Reset();
        };

        using (var response = await BeginAsync(client))
        {
            using var reader = await HelloAsync(response);
            arrived.SetResult();
            Assert.Contains("\"error\"", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(402, await client.StatusAsync(Ask()));
    }

    [Fact]
    public async Task Stream_ClientDisconnects_CountsEstimatedOutput()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync(AlmostTwo);
        provider.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("Hello there");
            await call.HangAsync();
        };

        using (var response = await BeginAsync(client))
        {
            using var reader = await HelloAsync(response);
        }

        // Held until the gateway has noticed, and then spent.
        Assert.Equal(402, await client.ChatWithRetriesAsync(Ask()));
    }

    /// <summary>Usage before the end of a stream is a placeholder; hidden reasoning would be free.</summary>
    [Fact]
    public async Task Stream_UsageOnlyBeforeEnd_CountsMaximumCost()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync(AlmostTwo);
        provider.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.DataAsync(
                """{"id":"1","model":"fake","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}],"""
                    + """
                    "usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}
                    """
            );
            await call.FinishAsync();
            await call.DoneAsync();
        };

        Assert.Equal(200, await client.StatusAsync(Ask(stream: true)));

        Assert.Equal(402, await client.StatusAsync(Ask(stream: true)));
    }

    [Fact]
    public async Task Chat_ProviderHangsUp_CountsEstimatedMaximumOfEachAttempt()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync("""{"budget":{"amount":1,"period":"day"}}""");
        provider.Behaviour = call =>
        {
            call.Reset();
            return Task.CompletedTask;
        };

        Assert.Equal(502, await client.StatusAsync(Ask()));

        await Until.EqualAsync(
            (provider.Calls.Count * 0.000004m, true),
            async () =>
            {
                using var log = await gateway.Client.GetAsync("/api/v1/llm/requests?limit=1");
                var entries = (await log.ReadAsync(200)).GetProperty("items").EnumerateArray();
                return entries
                    .Select(e => (e.GetProperty("cost").GetDecimal(), e.GetProperty("estimated").GetBoolean()))
                    .FirstOrDefault();
            }
        );
    }

    [Fact]
    public async Task Chat_ClientDisconnects_CountsMaximumCost()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync(AlmostTwo);
        using var gone = new CancellationTokenSource();
        provider.Behaviour = async call =>
        {
            await gone.CancelAsync();
            await call.HangAsync();
        };

        using var body = Requests.Json(Ask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), body, gone.Token)
        );

        Assert.Equal(402, await client.ChatWithRetriesAsync(Ask()));
        Assert.Single(provider.Calls);
    }

    /// <summary>
    /// Unknown fields pass through, but not those that would have the provider answer more than the request was
    /// admitted for.
    /// </summary>
    [Theory]
    [InlineData(
        "/v1/responses",
        """
        {"model":"fake/fake","input":"Hello","max_output_tokens":4,"max_tokens":100000,"max_completion_tokens":100000,
         "n":100,"top_k":3}
        """
    )]
    [InlineData(
        "/v1/messages",
        """
        {"model":"fake/fake","max_tokens":4,"max_completion_tokens":100000,"n":100,"best_of":9,"top_k":3,
         "messages":[{"role":"user","content":"Hello"}]}
        """
    )]
    [InlineData(
        "/v1/chat/completions",
        """
        {"model":"fake/fake","max_completion_tokens":4,"max_tokens":100000,"top_k":3,
         "messages":[{"role":"user","content":"Hello"}]}
        """
    )]
    public async Task Translate_FieldsOfAnotherProtocol_StaysWithinMaximumCost(string path, string body)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync(AlmostTwo);

        using var response = await client.ChatAsync(body, path);
        await response.ReadAsync(200);

        var asked = Assert.Single(provider.Calls).Body;
        Assert.Equal(
            ["max_tokens=4"],
            asked
                .EnumerateObject()
                .Where(m => m.Name is "max_tokens" or "max_completion_tokens" or "n" or "best_of")
                .Select(m => $"{m.Name}={m.Value}")
        );
        Assert.Equal(3, asked.GetProperty("top_k").GetInt32());
    }

    private static async Task<HttpResponseMessage> BeginAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/chat/completions", UriKind.Relative))
        {
            Content = Requests.Json(Ask(stream: true)),
        };
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Reads until the first part of the answer has come.</summary>
    private static async Task<StreamReader> HelloAsync(HttpResponseMessage response)
    {
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line && !line.Contains("Hello there", StringComparison.Ordinal)) { }

        return reader;
    }

    private static string Ask(bool stream = false) =>
        $$"""
            {"model":"fake/fake","max_tokens":4,"stream":{{(stream ? "true" : "false")}},
             "messages":[{"role":"user","content":"Hello"}]}
            """;
}
