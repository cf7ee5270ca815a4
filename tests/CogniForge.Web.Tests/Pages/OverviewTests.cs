using AngleSharp;
using AngleSharp.Dom;
using CogniForge.Web.Tests.Fakes;

namespace CogniForge.Web.Tests.Pages;

public sealed class OverviewTests : IAsyncLifetime
{
    private FakeServices _services = null!;
    private WebService _web = null!;

    public async Task InitializeAsync()
    {
        _services = await FakeServices.StartAsync();
        _web = WebService.Create(_services);
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/?handler=Numbers")]
    public async Task Get_AllUp_ShowsEveryNumber(string path)
    {
        using var page = await GetAsync(path);
        Assert.Equal(
            ["LLM gateway", "Model serving", "Analytics"],
            page.QuerySelectorAll("[data-service]").Select(s => s.GetAttribute("data-service")!)
        );
        Assert.Equal(["completions served 1,234"], Numbers(page, "LLM gateway"));
        Assert.Equal(["models 2", "inferences made 3"], Numbers(page, "Model serving"));
        Assert.Equal(
            [
                "user events 4",
                "completions recorded 5",
                "inferences recorded 6",
                "model promotions 7",
                "drifts detected 8",
            ],
            Numbers(page, "Analytics")
        );
        Assert.All(page.QuerySelectorAll(".badge"), b => Assert.Equal("Ok", b.TextContent));
        Assert.NotNull(page.QuerySelector("time[datetime]"));
    }

    [Fact]
    public async Task Get_Numbers_ReturnsOnlyPart()
    {
        using var response = await _web.Client.GetAsync("/?handler=Numbers");
        Assert.DoesNotContain("<html", await response.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Get_OneFailsOneForbidden_ShowsStatuses()
    {
        _services.Set(FakeServices.Llm, "{}", status: 404);
        _services.Set(FakeServices.Activity, "{}", status: 403);
        using var page = await GetAsync("/");
        Assert.Equal("Unavailable", page.QuerySelector("[data-service='LLM gateway'] .badge")?.TextContent);
        Assert.Contains(
            "The service responded with 404.",
            page.QuerySelector("[data-service='LLM gateway']")!.TextContent,
            StringComparison.Ordinal
        );
        Assert.Empty(Numbers(page, "LLM gateway"));
        Assert.Equal("Forbidden", page.QuerySelector("[data-service='Analytics'] .badge")?.TextContent);
        Assert.Equal(["models 2", "inferences made 3"], Numbers(page, "Model serving"));
    }

    [Fact]
    public async Task Get_Page_ReloadsNumbersOnChangedEvent()
    {
        using var page = await GetAsync("/");
        Assert.Equal(
            "/api/v1/metrics/dashboard/changes",
            page.QuerySelector("[hx-ext=sse]")?.GetAttribute("sse-connect")
        );
        var numbers = page.QuerySelector("#numbers")!;
        Assert.Equal(
            ("/?handler=Numbers", "sse:changed"),
            (numbers.GetAttribute("hx-get"), numbers.GetAttribute("hx-trigger"))
        );
    }

    [Fact]
    public async Task Get_Page_SetsNoCookie()
    {
        using var response = await _web.Client.GetAsync("/");
        Assert.Equal(200, (int)response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("POST", "/")]
    [InlineData("POST", "/?handler=Numbers")]
    [InlineData("PUT", "/")]
    public async Task Send_UnknownHandler_ReturnsNotFound(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _web.Client.SendAsync(request);
        await Problem.ReadAsync(response, 404);
    }

    private async Task<IDocument> GetAsync(string path)
    {
        using var response = await _web.Client.GetAsync(path);
        var html = await response.Content.ReadAsStringAsync();
        Assert.Equal((200, "text/html"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return await BrowsingContext.New().OpenAsync(request => request.Content(html));
    }

    private static IEnumerable<string> Numbers(IDocument page, string service) =>
        page.QuerySelectorAll($"[data-service='{service}'] dl > div")
            .Select(n => $"{n.QuerySelector("dt")!.TextContent} {n.QuerySelector("dd")!.TextContent}");
}
