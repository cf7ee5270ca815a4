using System.Net.Sockets;
using System.Text;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>A key beyond its rate is refused before the body of its request is read.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class RequestGateTests(RealServers servers)
{
    private const string UnknownModel = """{"model":"unknown","messages":[{"role":"user","content":"Hello"}]}""";
    private readonly FakeTimeProvider _time = new(TestTime.Start);

    [Theory]
    [InlineData("""{"requestsPerMinute":1}""")]
    [InlineData("""{"tokensPerMinute":1}""")] // Hello leaves a debt
    public async Task Chat_OverRate_IsRefusedBeforeBody(string limits)
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, client) = await gateway.NewKeyAsync(limits);
        Assert.Equal(200, await client.StatusAsync());
        using var connection = new TcpClient(gateway.Address.Host, gateway.Address.Port);
        await using var stream = connection.GetStream();

        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + $"Authorization: {client.DefaultRequestHeaders.Authorization}\r\nContent-Length: 30000000\r\n\r\n"
            )
        );

        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 429 Too Many Requests", await reader.ReadLineAsync());
        var headers = new List<string>();
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            headers.Add(header.Split(':')[0]);
        }

        Assert.Contains("Retry-After", headers);
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("{}", 400)]
    [InlineData(UnknownModel, 404)]
    public async Task Chat_Invalid_CountsAgainstRate(string body, int status)
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, client) = await gateway.NewKeyAsync("""{"requestsPerMinute":2,"tokensPerMinute":1000}""");
        Assert.Equal((status, status), (await client.StatusAsync(body), await client.StatusAsync(body)));

        Assert.Equal(429, await client.StatusAsync(UnknownModel));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((200, 429), (await client.StatusAsync(), await client.StatusAsync()));
    }

    /// <summary>Each costs a sixtieth of the minute's tokens, whatever its size.</summary>
    [Theory]
    [InlineData("/v1/chat/completions", "{", 400)]
    [InlineData("/v1/chat/completions", UnknownModel, 404)]
    [InlineData("/v1/messages/count_tokens", "{", 400)]
    [InlineData("/v1/moderations", "{", 400)] // passed through
    public async Task Refused_OnlyTokenRate_CostsTokens(string path, string body, int status)
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, client) = await gateway.NewKeyAsync("""{"tokensPerMinute":600}""");
        for (var i = 0; i < 60; i++)
        {
            using var response = await client.PostAsync(path, body);
            Assert.Equal(status, (int)response.StatusCode);
        }

        Assert.Equal(429, await client.StatusAsync());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((200, 200), (await client.StatusAsync(), await client.StatusAsync()));
    }

    /// <summary>Counting takes time too. Anthropic's counts have rates of their own.</summary>
    [Theory]
    [InlineData("{", 400)]
    [InlineData("""{"model":"mock","messages":[{"role":"user","content":"Hello"}]}""", 200)]
    public async Task CountTokens_OverRate_IsRefused(string body, int status)
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, client) = await gateway.NewKeyAsync("""{"requestsPerMinute":1}""");

        Assert.Equal((status, 429), (await CountAsync(), await CountAsync()));
        Assert.Equal(200, await client.StatusAsync());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(status, await CountAsync());

        async Task<int> CountAsync()
        {
            using var response = await client.PostAsync("/v1/messages/count_tokens", body);
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task Refusal_BeforeBody_IsLogged()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync();
        var (id, client) = await gateway.NewKeyAsync("""{"requestsPerMinute":1}""");
        Assert.Equal((200, 429), (await client.StatusAsync(), await client.StatusAsync()));

        await Until.EqualAsync(
            "key_rate_limited",
            async () =>
            {
                using var log = await gateway.Client.GetAsync($"/api/v1/llm/requests?key={id}&status=429");
                var items = (await log.ReadAsync(200)).GetProperty("items");
                return items.GetArrayLength() == 0 ? null : items[0].GetProperty("error").GetString();
            }
        );
    }

    [Fact]
    public async Task Cached_Response_CountsForNoLimit()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        using var put = await gateway.Client.PutAsync(
            "/api/v1/llm/routes/cached",
            """{"targets":[{"provider":"mock","model":"mock"}],"cache":{"lifetimeSeconds":60}}"""
        );
        var (_, client) = await gateway.NewKeyAsync("""{"requestsPerMinute":2}""");
        var cached = LimitedGateway.Hello.Replace("\"mock\"", "\"cached\"", StringComparison.Ordinal);

        Assert.Equal(
            (200, 200, 200),
            (await client.StatusAsync(cached), await client.StatusAsync(cached), await client.StatusAsync(cached))
        );
        Assert.Equal((200, 429), (await client.StatusAsync(), await client.StatusAsync()));
    }

    /// <summary>Both of the key's rates, with small limits that ask Redis and large ones that have slices.</summary>
    [Theory]
    [InlineData(20, 10_000)]
    [InlineData(2_000, 1_000_000)]
    public async Task Rates_InRedis_CountEachRequestOnce(int requests, int tokens)
    {
        await using var gateway = await LimitedGateway.OnAsync(servers, await servers.NewDatabaseAsync(), _time);
        var (_, client) = await gateway.NewKeyAsync(
            $$$"""
            {"requestsPerMinute":{{{requests}}},"tokensPerMinute":{{{tokens}}},
             "budget":{"amount":0.000012,"period":"day"}}
            """
        );
        Assert.Equal((404, 200), (await client.StatusAsync(UnknownModel), await client.StatusAsync()));

        using var third = await client.ChatAsync();
        await third.ReadAsync(200);
        using var fourth = await client.ChatAsync(
            LimitedGateway.Hello.Replace(":4}", ":100}", StringComparison.Ordinal)
        );

        Assert.Equal(402, (int)fourth.StatusCode);
        Assert.Equal(
            ($"{requests - 3}", $"{requests - 3}"), // without the refusal by the budget
            (third.Header("x-ratelimit-remaining-requests"), fourth.Header("x-ratelimit-remaining-requests"))
        );
    }
}
