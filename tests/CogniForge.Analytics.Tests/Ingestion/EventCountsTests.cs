namespace CogniForge.Analytics.Tests.Ingestion;

public class EventCountsTests(AnalyticsService service) : IClassFixture<AnalyticsService>
{
    [Fact]
    public async Task Count_ByNameAndAll_CountsSentEvents()
    {
        foreach (var name in new[] { "viewed", "viewed", "bought & paid=100%" })
        {
            using var sent = await service.Client.PostAsync(
                "/api/v1/events",
                $$"""{"event":"{{name}}","userId":"u"}"""
            );
            await sent.ReadAsync(202);
        }

        await Until.EqualAsync(3, () => service.CountAsync());
        Assert.Equal(
            (2, 1, 0),
            (
                await service.CountAsync("viewed"),
                await service.CountAsync("bought & paid=100%"),
                await service.CountAsync("Viewed")
            )
        );

        using var response = await service.Client.GetAsync("/api/v1/analytics/activity");
        Assert.Equal(
            """{"events":3,"completions":0,"inferences":0,"promotions":0,"drifts":0}""",
            (await response.ReadAsync(200)).GetRawText()
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("%00")]
    [InlineData("a%00b")]
    public async Task Count_InvalidName_ReturnsError(string name)
    {
        using var response = await service.Client.GetAsync($"/api/v1/events/count?event={name}");
        Assert.Equal(
            ["event: must have 1 to 200 characters, none of them U+0000"],
            await Problem.ReadRulesAsync(response)
        );
    }

    [Fact]
    public async Task Count_NameTooLong_ReturnsError()
    {
        using var response = await service.Client.GetAsync($"/api/v1/events/count?event={new string('e', 201)}");
        Assert.Equal(["event"], (await Problem.ReadAsync(response, 400)).Errors!.Keys);
    }

    [Theory]
    [InlineData("/api/v1/events/count")]
    [InlineData("/api/v1/analytics/activity")]
    public async Task Get_KeyLacksScope_ReturnsForbidden(string path)
    {
        using var client = service.NewClient(await service.CreateKeyAsync("analytics", "analytics:write"));
        using var response = await client.GetAsync(path);
        Assert.Contains("analytics:read", (await Problem.ReadAsync(response, 403)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_UnknownPath_ReturnsNotFound()
    {
        using var response = await service.Client.GetAsync("/api/v1/events/nothing");
        await Problem.ReadAsync(response, 404);
    }
}
