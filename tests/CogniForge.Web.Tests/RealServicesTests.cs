extern alias analytics;
extern alias llm;
extern alias serving;

using System.Text.Json;

namespace CogniForge.Web.Tests;

/// <summary>Runs Web with the real services: it must show the numbers that they return.</summary>
public class RealServicesTests
{
    [Fact]
    public async Task Dashboard_AfterUse_MatchesServiceNumbers()
    {
        await using var llm = new LlmService();
        await using var serving = new ServingService();
        await using var analytics = new AnalyticsService();
        await using var web = new WebService(llm.Address, serving.Address, analytics.Address);

        using var message = await web.Client.PostAsync(new Uri("/?handler=TestMessage", UriKind.Relative), null);
        Assert.Contains(
            "You said: Hello from the overview page",
            await message.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        using var tracked = await analytics.Client.PostAsync("/api/v1/events", """{"event":"viewed","userId":"u"}""");
        await tracked.ReadAsync(202);
        using var registered = await serving.Client.PostAsync(
            "/api/v1/serving/models",
            """
            {"name":"small","kind":"logistic","inputs":["x"],"classes":["no","yes"],"intercept":0,
            "coefficients":[1]}
            """
        );
        await registered.ReadAsync(201);
        for (var i = 0; i < 2; i++)
        {
            using var inferred = await serving.Client.PostAsync(
                "/v2/models/small/infer",
                """{"inputs":[{"name":"features","shape":[1,1],"datatype":"FP64","data":[1]}]}"""
            );
            await inferred.ReadAsync(200);
        }

        await Until.EqualAsync(
            """[{"completions":1},{"models":1,"inferences":2},"""
                + """{"events":1,"completions":0,"inferences":0,"promotions":0,"drifts":0}]""",
            async () =>
            {
                using var response = await web.Client.GetAsync("/api/v1/metrics/dashboard");
                var view = await response.ReadAsync(200);
                return JsonSerializer.Serialize(
                    new[] { "llm", "serving", "analytics" }.Select(part =>
                        view.GetProperty(part).GetProperty("numbers")
                    )
                );
            }
        );
    }

    [Fact]
    public async Task Dashboard_KeyUnknownToServices_ReturnsForbiddenParts()
    {
        await using var llm = new LlmService();
        await using var web = new WebService(
            llm.Address,
            llm.Address,
            llm.Address,
            new FakeTimeProvider(TestTime.Start)
        );
        using var client = web.NewClient(await web.CreateKeyAsync("web", "metrics:read"));
        using var response = await client.GetAsync("/api/v1/metrics/dashboard");
        Assert.Equal("forbidden", (await response.ReadAsync(200)).GetProperty("llm").GetProperty("status").GetString());
    }

    private sealed class LlmService : ServiceHost<llm::Program>;

    private sealed class ServingService : ServiceHost<serving::Program>;

    private sealed class AnalyticsService : ServiceHost<analytics::Program>;
}
