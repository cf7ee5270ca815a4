using System.Text;

namespace CogniForge.Analytics.Tests.Ingestion;

public class TrackEventTests(AnalyticsService service) : IClassFixture<AnalyticsService>
{
    private const string Path = "/api/v1/events";

    [Fact]
    public async Task Post_FullEvent_KeepsMessageId()
    {
        using var response = await service.Client.PostAsync(
            Path,
            """
            {
              "event": "signed_up", "userId": "u-1", "anonymousId": "a-1",
              "timestamp": "2026-01-02T03:04:05.678+02:00", "messageId": "whole-1",
              "properties": { "plan": "pro", "price": 9.99, "tags": ["a", null, true, { "é😀": -1e-10 }] }
            }
            """
        );
        Assert.Equal("""{"messageId":"whole-1"}""", (await response.ReadAsync(202)).GetRawText());
        await Until.EqualAsync(1, () => service.CountAsync("signed_up"));
    }

    [Theory]
    [InlineData("""{"event":"small","userId":"u"}""")]
    [InlineData("""{"event":"small","anonymousId":"a"}""")]
    [InlineData(
        """{"event":"small","userId":"u","anonymousId":null,"properties":null,"""
            + """ "timestamp":null,"messageId":null}"""
    )]
    public async Task Post_MinimalEvent_GetsNewId(string body)
    {
        var before = await service.CountAsync("small");
        using var response = await service.Client.PostAsync(Path, body);
        var id = Guid.Parse((await response.ReadAsync(202)).GetProperty("messageId").GetString()!);
        Assert.Equal(7, id.Version);
        await Until.EqualAsync(before + 1, () => service.CountAsync("small"));
    }

    [Fact]
    public async Task Post_SameMessageId_CountsOnce()
    {
        for (var i = 0; i < 3; i++)
        {
            using var again = await service.Client.PostAsync(
                Path,
                """{"event":"clicked","userId":"u","messageId":"same"}"""
            );
            await again.ReadAsync(202);
        }

        using var other = await service.Client.PostAsync(
            Path,
            """{"event":"clicked","userId":"u","messageId":"other"}"""
        );
        await other.ReadAsync(202);
        await Until.EqualAsync(2, () => service.CountAsync("clicked"));
    }

    [Fact]
    public async Task Post_KeyAsBasicUserName_IsAccepted()
    {
        var key = await service.CreateKeyAsync("analytics", "analytics:write");
        using var client = service.NewClient();
        client.DefaultRequestHeaders.Authorization = new(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{key}:"))
        );
        using var sent = await client.PostAsync(Path, """{"event":"by_basic","userId":"u"}""");
        await sent.ReadAsync(202);
        await Until.EqualAsync(1, () => service.CountAsync("by_basic"));
    }

    [Fact]
    public async Task Post_SameMessageIdOfTwoKeys_CountsBoth()
    {
        foreach (var name in new[] { "ordered", "faked" })
        {
            using var client = service.NewClient(await service.CreateKeyAsync("analytics", "analytics:write"));
            using var sent = await client.PostAsync(
                Path,
                $$"""{"event":"{{name}}","userId":"u","messageId":"order-1"}"""
            );
            await sent.ReadAsync(202);
        }

        await Until.EqualAsync(1, () => service.CountAsync("ordered"));
        await Until.EqualAsync(1, () => service.CountAsync("faked"));
    }

    [Theory]
    [InlineData("""{"userId":"u"}""", "event: is required")]
    [InlineData("""{"event":null,"userId":"u"}""", "event: is required")]
    [InlineData("""{"event":"","userId":"u"}""", "event: must have 1 to 200 characters, none of them U+0000")]
    [InlineData("""{"event":"a\u0000","userId":"u"}""", "event: must have 1 to 200 characters, none of them U+0000")]
    [InlineData("""{"event":"e"}""", "userId: is required unless there is an anonymousId")]
    [InlineData("""{"event":"e","userId":"\u0000"}""", "userId: must have 1 to 200 characters, none of them U+0000")]
    [InlineData(
        """{"event":"e","anonymousId":""}""",
        "anonymousId: must have 1 to 200 characters, none of them U+0000"
    )]
    [InlineData(
        """{"event":"e","userId":"u","messageId":""}""",
        "messageId: must have 1 to 200 characters, none of them U+0000"
    )]
    [InlineData("""{"event":"e","userId":"u","properties":[]}""", "properties: must be an object")]
    [InlineData("""{"event":"e","userId":"u","properties":"p"}""", "properties: must be an object")]
    [InlineData("""[]""", ": must be an object")]
    public async Task Post_InvalidField_NamesFieldAndRule(string body, string rule)
    {
        using var response = await service.Client.PostAsync(Path, body);
        Assert.Equal([rule], await Problem.ReadRulesAsync(response));
    }

    [Fact]
    public async Task Post_SeveralInvalidFields_NamesAll()
    {
        using var response = await service.Client.PostAsync(
            Path,
            $$"""{"event":"{{new string('e', 201)}}","messageId":"","properties":1}"""
        );
        Assert.Equal(
            ["event", "messageId", "properties", "userId"],
            (await Problem.ReadAsync(response, 400)).Errors!.Keys.Order()
        );
    }

    [Theory]
    [InlineData("""{"event":7,"userId":"u"}""", "event: must be a string")]
    [InlineData("""{"event":"e","userId":{}}""", "userId: must be a string")]
    [InlineData(
        """{"event":"e","userId":"u","timestamp":"yesterday"}""",
        "timestamp: must be a date and time in ISO 8601"
    )]
    [InlineData(
        """{"event":"e","userId":"u","timestamp":1700000000}""",
        "timestamp: must be a date and time in ISO 8601"
    )]
    [InlineData("""{"event":"\ud800","userId":"u"}""", "event: must be a string")]
    [InlineData("""{"event":"e","userId":"u\udc00"}""", "userId: must be a string")]
    [InlineData("""{"event":"e","anonymousId":"\udc00\ud800"}""", "anonymousId: must be a string")]
    [InlineData("""{"event":"e","userId":"u","messageId":"\ud800"}""", "messageId: must be a string")]
    public async Task Post_WrongTypeOrInvalidUnicode_NamesField(string body, string rule)
    {
        using var response = await service.Client.PostAsync(Path, body);
        Assert.Equal([rule], await Problem.ReadRulesAsync(response));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("event=e")]
    [InlineData("""{"event":"e",}""")]
    [InlineData("")]
    [InlineData("null")]
    public async Task Post_InvalidJson_ReturnsJsonError(string body)
    {
        using var response = await service.Client.PostAsync(Path, body);
        Assert.Contains("JSON", Assert.Single(await Problem.ReadRulesAsync(response)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_RejectedEvent_IsNotCounted()
    {
        var before = await service.CountAsync("rejected");
        using var rejected = await service.Client.PostAsync(
            Path,
            """{"event":"rejected","userId":"u","properties":{"a":"\u0000"}}"""
        );
        await rejected.ReadAsync(400);
        using var accepted = await service.Client.PostAsync(Path, """{"event":"rejected","userId":"u"}""");
        await accepted.ReadAsync(202);
        await Until.EqualAsync(before + 1, () => service.CountAsync("rejected"));
    }

    [Fact]
    public async Task Post_UnknownField_NamesIt()
    {
        using var response = await service.Client.PostAsync("/api/v1/events", """{"event":"a","user_id":"u"}""");

        Assert.Equal(["user_id: is not a known field"], await Problem.ReadRulesAsync(response));
    }

    [Fact]
    public async Task Count_UnknownParameter_NamesIt()
    {
        using var response = await service.Client.GetAsync("/api/v1/events/count?events=a");

        Assert.Equal(
            ["events: is not a known parameter; known: event"],
            await Problem.ReadRulesAsync(response)
        );
    }

    [Fact]
    public async Task Post_UnknownKey_ReturnsUnauthorized()
    {
        using var client = service.NewClient("cf_unknown");
        using var response = await client.PostAsync(Path, """{"event":"e","userId":"u"}""");
        await Problem.ReadAsync(response, 401);
    }

    [Fact]
    public async Task Post_KeyLacksScope_ReturnsForbidden()
    {
        using var client = service.NewClient(await service.CreateKeyAsync("analytics", "analytics:read"));
        using var response = await client.PostAsync(Path, """{"event":"e","userId":"u"}""");
        Assert.Contains("analytics:write", (await Problem.ReadAsync(response, 403)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Events_ReturnsMethodNotAllowed()
    {
        using var response = await service.Client.GetAsync(Path);
        await Problem.ReadAsync(response, 405);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Post_BodyTooLarge_ReturnsPayloadTooLarge()
    {
        using var response = await service.Client.PostLargeAsync(Path, 5 * 1024 * 1024);
        await Problem.ReadAsync(response, 413);
    }

    [Fact]
    public async Task Post_OtherMediaType_ReturnsUnsupportedMediaType()
    {
        using var content = new StringContent("""{"event":"e","userId":"u"}""");
        using var response = await service.Client.PostAsync(new Uri(Path, UriKind.Relative), content);
        await Problem.ReadAsync(response, 415);
    }
}
