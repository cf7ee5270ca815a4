using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Providers;

/// <summary><c>GET /v1/models</c> as Anthropic's SDKs page it.</summary>
public sealed class AnthropicModelListTests
{
    [Theory]
    [InlineData("", "mock p/a p/b p/c", false)]
    [InlineData("?limit=1000", "mock p/a p/b p/c", false)]
    [InlineData("?limit=4", "mock p/a p/b p/c", false)]
    [InlineData("?limit=3", "mock p/a p/b", true)]
    [InlineData("?limit=2&after_id=mock", "p/a p/b", true)]
    [InlineData("?limit=2&after_id=p%2Fa", "p/b p/c", false)]
    [InlineData("?after_id=p/c", "", false)]
    [InlineData("?limit=2&before_id=p/c", "p/a p/b", true)]
    [InlineData("?limit=2&before_id=p/b", "mock p/a", false)]
    [InlineData("?before_id=mock", "", false)]
    public async Task List_Page_IsThatOfAnthropic(string query, string ids, bool hasMore)
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = Start(provider);

        var (status, list) = await ListAsync(gateway, query);

        Assert.Equal(200, status);
        var expected = ids.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            expected,
            list.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString()!)
        );
        Assert.Equal(
            (expected.FirstOrDefault(), expected.LastOrDefault(), hasMore),
            (
                list.GetProperty("first_id").GetString(),
                list.GetProperty("last_id").GetString(),
                list.GetProperty("has_more").GetBoolean()
            )
        );
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=1001", "limit")]
    [InlineData("?limit=-1", "limit")]
    [InlineData("?limit=many", "limit")]
    [InlineData("?limit=", "limit")]
    [InlineData("?limit=1&limit=2", "limit")]
    [InlineData("?after_id=none", "after_id")]
    [InlineData("?before_id=p/none", "before_id")]
    [InlineData("?after_id=mock&before_id=p/c", "before_id")]
    public async Task List_InvalidPage_NamesParameter(string query, string parameter)
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = Start(provider);

        var (status, body) = await ListAsync(gateway, query);

        var error = body.GetProperty("error");
        Assert.Equal((400, "invalid_request_error"), (status, error.GetProperty("type").GetString()));
        Assert.Contains(parameter, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OpenAiClient_IgnoresAnthropicsPages()
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = Start(provider);

        using var response = await gateway.Client.GetAsync("/v1/models?limit=0&after_id=none");

        Assert.Equal(4, (await response.ReadAsync(200)).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task List_ProvidersNameAndDate_AreKept()
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = Start(provider);

        var models = (await ListAsync(gateway, "")).Body.GetProperty("data").EnumerateArray();
        using var request = Request("/v1/models/p/b");
        using var one = await gateway.Client.SendAsync(request);

        const string Named =
            """{"type":"model","id":"p/b","display_name":"Claude B","created_at":"2026-02-04T00:00:00+00:00"}""";
        Assert.Equal(
            [
                """{"type":"model","id":"mock","display_name":"mock","created_at":"1970-01-01T00:00:00+00:00"}""",
                """{"type":"model","id":"p/a","display_name":"p/a","created_at":"1970-01-01T00:00:07+00:00"}""",
                Named,
                """{"type":"model","id":"p/c","display_name":"p/c","created_at":"1970-01-01T00:00:00+00:00"}""",
            ],
            models.Select(m => m.GetRawText())
        );
        Assert.Equal(Named, (await one.ReadAsync(200)).GetRawText());
    }

    private static GatewayHost Start(FakeProvider provider)
    {
        provider.Behaviour = call =>
            call.JsonAsync(
                200,
                """
                {"data":[{"id":"a","created":7},
                 {"type":"model","id":"b","display_name":"Claude B","created_at":"2026-02-04T00:00:00Z"},
                 {"id":"c","display_name":17,"created_at":"soon"}]}
                """
            );
        return GatewayHost.Start(("Providers:p:BaseUrl", provider.BaseUrl), ("Providers:p:ApiKey", "sk-1"));
    }

    private static async Task<(int Status, JsonElement Body)> ListAsync(GatewayHost gateway, string query)
    {
        using var request = Request($"/v1/models{query}");
        using var response = await gateway.Client.SendAsync(request);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return ((int)response.StatusCode, body.RootElement.Clone());
    }

    private static HttpRequestMessage Request(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Add("anthropic-version", "2023-06-01");
        return request;
    }
}
