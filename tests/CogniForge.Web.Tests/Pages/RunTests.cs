using AngleSharp;
using AngleSharp.Dom;
using CogniForge.Web.Tests.Fakes;

namespace CogniForge.Web.Tests.Pages;

/// <summary>The page of a run.</summary>
public sealed class RunTests : IAsyncLifetime
{
    private const string Run = "/api/2.0/mlflow/runs/get";
    private const string History = "/api/2.0/mlflow/metrics/get-history";

    private FakeServices _services = null!;
    private WebService _web = null!;

    public async Task InitializeAsync()
    {
        _services = await FakeServices.StartAsync();
        _web = WebService.Create(_services);
        _services.Set(
            Run,
            """
            {"run":{"info":{"run_id":"r1","run_name":"<deep>","experiment_id":"1","status":"FINISHED",
              "start_time":1795251632000,"end_time":1795251633000},
             "data":{"metrics":[{"key":"auc","value":0.9,"timestamp":1,"step":2}],
              "params":[{"key":"depth","value":"6"}]}}}
            """
        );
        _services.Set(
            History,
            """
            {"metrics":[{"key":"auc","value":0.9,"timestamp":3,"step":2},
             {"key":"auc","value":0.5,"timestamp":1,"step":0},{"key":"auc","value":"NaN","timestamp":2,"step":1},
             {"key":"auc","value":0.7,"timestamp":2,"step":1}]}
            """
        );
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Get_Run_DrawsMetricsOverSteps()
    {
        using var page = await OpenAsync();

        Assert.Equal("<deep>", page.QuerySelector("h1")!.TextContent);
        var chart = Assert.Single(page.QuerySelectorAll("[data-metric=auc]"));
        Assert.Equal("0,120 180,60 360,0", chart.QuerySelector("polyline")!.GetAttribute("points"));
        Assert.Equal("auc: 0.5 at step 0, 0.9 at step 2", chart.QuerySelector("svg")!.GetAttribute("aria-label"));
        Assert.Equal(["depth", "6"], page.QuerySelectorAll("tbody td").Select(c => c.TextContent));
    }

    [Fact]
    public async Task Get_MetricWithOnePoint_DrawsDot()
    {
        _services.Set(History, """{"metrics":[{"key":"auc","value":0.9,"timestamp":3,"step":2}]}""");

        using var page = await OpenAsync();

        Assert.Equal("180,60 180,60", page.QuerySelector("polyline")!.GetAttribute("points"));
    }

    [Fact]
    public async Task Get_ManyPoints_DrawsEndsAndExtremes()
    {
        var points = Enumerable
            .Range(0, 20_000)
            .Select(i => $$"""{"key":"auc","value":{{(i == 12_345 ? 100 : 0)}},"timestamp":1,"step":{{i}}}""");
        _services.Set(History, $$"""{"metrics":[{{string.Join(',', points)}}],"next_page_token":"next"}""");

        using var page = await OpenAsync();

        var line = page.QuerySelector("polyline")!.GetAttribute("points")!.Split(' ');
        Assert.InRange(line.Length, 360, 1_440);
        Assert.Equal(["0,120", "360,120"], [line[0], line[^1]]);
        Assert.Contains("222.2,0", line);
        Assert.Contains("the first points: steps 0 to 19999", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_RunWithOddTimeAndManyMetrics_ShowsFirst()
    {
        var metrics = Enumerable.Range(0, 31).Select(i => $$"""{"key":"m{{i}}","value":"Infinity","step":0}""");
        _services.Set(
            Run,
            $$$"""
            {"run":{
             "info":{"start_time":{{{long.MaxValue}}},"run_name":"odd","experiment_id":"1","status":"RUNNING"},
             "data":{"metrics":[{{{string.Join(',', metrics)}}}]}
            }}
            """
        );
        _services.Set(History, "{}");

        using var page = await OpenAsync();

        Assert.Equal(30, page.QuerySelectorAll("[data-metric]").Length);
        Assert.Equal("Infinity", page.QuerySelector("[data-metric=m0] strong")!.TextContent);
        Assert.Contains("Metrics without a chart: 1", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, 404, "does not exist")]
    [InlineData(403, 403, "serving:read")]
    [InlineData(400, 503, "responded with 400")]
    public async Task Get_ServingFails_SaysWhy(int status, int expected, string reason)
    {
        _services.Set(Run, """{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"No."}""", status);

        using var response = await _web.Client.GetAsync("/runs/r1");

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Contains(reason, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<IDocument> OpenAsync()
    {
        var html = await _web.Client.GetStringAsync("/runs/r1");
        return await BrowsingContext.New().OpenAsync(request => request.Content(html));
    }
}
