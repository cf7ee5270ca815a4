using System.Diagnostics;
using CogniForge.ServiceDefaults.Tests.Support;
using CogniForge.Web.Tests.Fakes;

namespace CogniForge.Web.Tests;

public sealed class TracingTests
{
    [Fact]
    public async Task Spans_PageStaysOpen_AreOnlyFromOpening()
    {
        using var spans = new ExportedSpans();
        var time = new FakeTimeProvider(TestTime.Start);
        await using var services = await FakeServices.StartAsync();
        await using (var web = new WebService(services.Address, services.Address, services.Address, time, spans.AddTo))
        {
            using var browser = ExportedSpans.OutsideClient(web.Address);
            using var changes = await browser.GetAsync(
                new Uri("/api/v1/metrics/dashboard/changes", UriKind.Relative),
                HttpCompletionOption.ResponseHeadersRead
            );
            for (var round = 1; round <= 3; round++)
            {
                using var numbers = await browser.GetAsync("/?handler=Numbers");
                await numbers.Content.ReadAsStringAsync();
                time.Advance(TimeSpan.FromSeconds(2));
                await Until.EqualAsync(true, () => Task.FromResult(services.Count(FakeServices.Llm) > 2 * round));
            }

            Assert.Empty(spans.All);
            using var page = await browser.GetAsync("/");
            await Until.EqualAsync(
                true,
                () => Task.FromResult(spans.All.Any(s => s.Kind == ActivityKind.Server && s.ParentSpanId == default))
            );
        }

        spans.AssertOneWholeTrace();
        Assert.Equal(4, spans.All.Count(s => s.Source.Name == "System.Net.Http"));
    }
}
