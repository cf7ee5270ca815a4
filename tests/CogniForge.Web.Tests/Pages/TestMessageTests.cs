using System.Text.Json;
using AngleSharp;
using AngleSharp.Dom;
using CogniForge.Web.Tests.Fakes;

namespace CogniForge.Web.Tests.Pages;

public sealed class TestMessageTests : IAsyncLifetime
{
    private const string Path = "/?handler=TestMessage";

    private FakeServices _services = null!;

    public async Task InitializeAsync() => _services = await FakeServices.StartAsync();

    public async Task DisposeAsync() => await _services.DisposeAsync();

    [Fact]
    public async Task Button_OnPage_SendsMessage()
    {
        await using var web = WebService.Create(_services);
        using var page = await web.Client.GetAsync("/");
        using var document = await ParseAsync(page);
        var form = document.QuerySelector("form:has(button)")!;
        Assert.Equal((Path, "#test-message"), (form.GetAttribute("hx-post"), form.GetAttribute("hx-target")));
        Assert.NotNull(document.QuerySelector("#test-message"));

        // The form also works without scripts.
        Assert.Equal(("post", Path), (form.GetAttribute("method"), form.GetAttribute("action")));
        Assert.Empty(form.QuerySelectorAll("input"));
    }

    [Fact]
    public async Task Post_GatewaySucceeds_ShowsResponseAndTrace()
    {
        await using var web = WebService.Create(_services);
        using var alert = await PostAsync(web.Client);
        Assert.True(alert.QuerySelector(".alert")!.ClassList.Contains("alert-success"));
        Assert.Contains("You said: <Hello>", alert.QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{32}$", alert.QuerySelector("code")!.TextContent);

        var (_, _, body) = Assert.Single(_services.Requests);
        var request = JsonDocument.Parse(body).RootElement;
        Assert.Equal(
            ["mock", "user"],
            [
                request.GetProperty("model").GetString()!,
                request.GetProperty("messages")[0].GetProperty("role").GetString()!,
            ]
        );
    }

    [Theory]
    [InlineData(401, "llm:invoke")]
    [InlineData(403, "llm:invoke")]
    [InlineData(500, "The service responded with 500.")]
    [InlineData(503, "The service responded with 503.")]
    public async Task Post_GatewayFails_ShowsReasonWithoutRetry(int status, string expected)
    {
        _services.Set(FakeServices.Chat, """{"error":{"message":"no"}}""", status);
        await using var web = WebService.Create(_services);
        using var alert = await PostAsync(web.Client);
        Assert.True(alert.QuerySelector(".alert")!.ClassList.Contains("alert-danger"));
        Assert.Contains(expected, alert.QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(1, _services.Count(FakeServices.Chat));
    }

    [Fact]
    public async Task Post_GatewayDown_ShowsReason()
    {
        await using var web = new WebService(WebService.Unreachable, _services.Address, _services.Address);
        using var alert = await PostAsync(web.Client);
        Assert.True(alert.QuerySelector(".alert")!.ClassList.Contains("alert-danger"));
        Assert.Contains("does not respond", alert.QuerySelector(".alert")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "https://example.org")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task Post_CrossSite_ReturnsUnauthorized(string header, string value)
    {
        await using var web = WebService.Create(_services);
        using var client = web.NewClient();
        client.DefaultRequestHeaders.Add(header, value);
        using var response = await client.PostAsync(new Uri(Path, UriKind.Relative), null);
        await Problem.ReadAsync(response, 401);
        Assert.Empty(_services.Requests);
    }

    private static async Task<IDocument> PostAsync(HttpClient client)
    {
        using var response = await client.PostAsync(new Uri(Path, UriKind.Relative), null);
        return await ParseAsync(response);
    }

    private static async Task<IDocument> ParseAsync(HttpResponseMessage response)
    {
        var html = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, html);
        return await BrowsingContext.New().OpenAsync(request => request.Content(html));
    }
}
