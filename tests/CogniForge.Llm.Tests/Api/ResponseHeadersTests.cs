using System.Text;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Limits;

namespace CogniForge.Llm.Tests.Api;

/// <summary>Every response has a request id and, as far as known, its route and target.</summary>
public class ResponseHeadersTests(LlmService service) : IClassFixture<LlmService>
{
    private const string Valid = """{"model":"mock","max_tokens":9,"messages":[{"role":"user","content":"Hello"}]}""";

    [Theory]
    [InlineData(200, "POST", "/v1/chat/completions", Valid)]
    [InlineData(200, "POST", "/v1/messages", Valid)]
    [InlineData(200, "POST", "/v1/messages/count_tokens", Valid)]
    [InlineData(200, "GET", "/v1/models", null)]
    [InlineData(200, "GET", "/v1/models/mock", null)]
    [InlineData(400, "POST", "/v1/chat/completions", "{}")]
    [InlineData(400, "POST", "/v1/chat/completions", "Hello")]
    [InlineData(400, "POST", "/v1/messages", "{}")]
    [InlineData(400, "POST", "/v1/messages", "Hello")]
    [InlineData(401, "POST", "/v1/chat/completions", Valid, "cf_unknown")]
    [InlineData(401, "POST", "/v1/messages", Valid, "cf_unknown")]
    [InlineData(401, "GET", "/v1/models", null, "cf_unknown")]
    [InlineData(403, "POST", "/v1/chat/completions", Valid, "llm:read")]
    [InlineData(403, "POST", "/v1/messages", Valid, "llm:read")]
    [InlineData(
        404,
        "POST",
        "/v1/messages/count_tokens",
        """{"model":"unknown","messages":[{"role":"user","content":"Hello"}]}"""
    )]
    [InlineData(404, "GET", "/v1/models/unknown", null)]
    [InlineData(404, "POST", "/v1/nothing", Valid)]
    [InlineData(405, "GET", "/v1/messages", null)]
    [InlineData(413, "POST", "/v1/embeddings", "large")]
    [InlineData(413, "POST", "/v1/messages", "large")]
    [InlineData(415, "POST", "/v1/chat/completions", Valid, null, "text/plain")]
    [InlineData(415, "POST", "/v1/messages", Valid, null, "text/plain")]
    public async Task Response_AnyStatus_HasRequestId(
        int status,
        string method,
        string path,
        string? body,
        string? key = null,
        string mediaType = "application/json"
    )
    {
        using var client = service.NewClient(
            key?.StartsWith("llm:", StringComparison.Ordinal) == true ? await service.CreateKeyAsync("llm", key) : key
        );
        using var response =
            body == "large"
                ? await client.PostLargeAsync(path, 33 * 1024 * 1024)
                : await SendAsync(client, method, path, body, mediaType);
        var json = await response.ReadAsync(status);

        var isAnthropic = path.StartsWith("/v1/messages", StringComparison.Ordinal);
        var id = response.Headers.GetValues(isAnthropic ? "request-id" : "x-request-id").Single();
        Assert.True(Guid.TryParse(id, out _));
        if (isAnthropic && status != 200)
        {
            Assert.Equal(id, json.GetProperty("request_id").GetString());
        }
    }

    [Theory]
    [InlineData(404, "POST", "/v1/nothing")]
    [InlineData(404, "GET", "/v1/nothing")]
    [InlineData(405, "POST", "/v1/models")]
    [InlineData(401, "GET", "/v1/models", "cf_unknown")]
    public async Task Error_AnthropicClientSharedPath_UsesAnthropicFormat(
        int status,
        string method,
        string path,
        string? key = null
    )
    {
        using var client = service.NewClient(key);
        client.DefaultRequestHeaders.Add("anthropic-version", "2023-06-01");
        using var response = await SendAsync(client, method, path, method == "POST" ? Valid : null, "application/json");
        var json = await response.ReadAsync(status);
        Assert.Equal(
            ("error", response.Header("request-id")),
            (json.GetProperty("type").GetString(), json.GetProperty("request_id").GetString())
        );
    }

    [Fact]
    public async Task CountTokens_ForbiddenModel_HasIdAndRoute()
    {
        await using var limited = await LimitedGateway.InMemoryAsync();
        var (_, client) = await limited.NewKeyAsync("""{"routes":["other"]}""");
        using var response = await client.PostAsync("/v1/messages/count_tokens", Valid);
        var error = await response.ReadAsync(403);
        Assert.Equal(error.GetProperty("request_id").GetString(), response.Header("request-id"));
        Assert.Equal(("mock", null), (response.Header("x-cogniforge-route"), response.Header("x-cogniforge-target")));
    }

    [Fact]
    public async Task RateLimit_Exceeded_NamesOnlyRoute()
    {
        await using var limited = await LimitedGateway.InMemoryAsync();
        var (_, client) = await limited.NewKeyAsync("""{"requestsPerMinute":1}""");
        Assert.Equal(200, await client.StatusAsync());
        using var response = await client.ChatAsync();
        await response.ReadAsync(429);
        Assert.Equal(("mock", null), (response.Header("x-cogniforge-route"), response.Header("x-cogniforge-target")));
    }

    [Theory]
    [InlineData("both", 500, false, 502, "backup/model-b")]
    [InlineData("both", 500, true, 502, "backup/model-b")]
    [InlineData("both", 429, false, 429, "backup/model-b")]
    [InlineData("both", 400, true, 400, "primary/model-a")]
    [InlineData("alone", 500, false, 502, "primary/model-a")]
    public async Task Error_AllTargetsFail_NamesLastTarget(
        string route,
        int status,
        bool stream,
        int expectedStatus,
        string target
    )
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = gateway.Backup.Behaviour = call => call.ErrorAsync(status, "some_error");
        var reply = await gateway.SendAsync(route, stream);
        Assert.Equal(
            (expectedStatus, route, target),
            (reply.Status, reply.Headers["x-cogniforge-route"], reply.Headers["x-cogniforge-target"])
        );
    }

    [Fact]
    public async Task Error_Timeout_NamesRouteAndLastTarget()
    {
        await using var gateway = await FaultyGateway.StartAsync(("Timeouts:FirstToken", "00:00:05"));
        gateway.Primary.Behaviour = gateway.Backup.Behaviour = call => call.HangAsync();
        var reply = await gateway.SendAsync("both", stream: true);
        Assert.Equal(
            (504, "both", "backup/model-b"),
            (reply.Status, reply.Headers["x-cogniforge-route"], reply.Headers["x-cogniforge-target"])
        );
    }

    [Fact]
    public async Task CountTokens_Failure_NamesRouteAndLastTarget()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.JsonAsync(500, "{}");
        using var response = await gateway.Client.PostAsync(
            "/v1/messages/count_tokens",
            """{"model":"claude/claude-a","messages":[{"role":"user","content":"Hi"}]}"""
        );
        await response.ReadAsync(502);
        Assert.Equal(
            ("claude/claude-a", "claude/claude-a"),
            (response.Header("x-cogniforge-route"), response.Header("x-cogniforge-target"))
        );
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        string method,
        string path,
        string? body,
        string mediaType
    )
    {
        using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        }

        return await client.SendAsync(request);
    }
}
