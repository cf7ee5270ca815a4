namespace CogniForge.Serving.Tests.Routing;

/// <summary>Which version answers a request.</summary>
public class RouterTests(ServingService service) : IClassFixture<ServingService>
{
    [Fact]
    public async Task Infer_RoundRobin_TakesTurns()
    {
        var model = await RoutedModel.CreateAsync(service.Client, "ok", "ok", "ok");
        await model.RouteAsync("""{"strategy":"roundRobin","targets":[{"version":1},{"version":3}]}""");
        Assert.Equal(new Dictionary<string, int> { ["1"] = 3, ["3"] = 3 }, await model.InferAsync(6));
    }

    [Fact]
    public async Task Infer_Weighted_KeepsShares()
    {
        var model = await RoutedModel.CreateAsync(service.Client, "ok", "ok", "ok");
        await model.RouteAsync(
            """
            {"strategy":"weighted",
            "targets":[{"version":1,"weight":0.3},{"version":2,"weight":0.1},{"version":3,"weight":0}]}
            """
        );
        var answers = await model.InferAsync(100);
        Assert.InRange(answers["1"], 73, 77);
        Assert.Equal(100, answers["1"] + answers["2"]);
    }

    [Fact]
    public async Task Infer_Cheapest_TakesLowestPrice()
    {
        var model = await RoutedModel.CreateAsync(
            service.Client,
            """{"kind":"mock","price":{"perRequest":0.02}}""",
            """{"kind":"mock","price":{"perRequest":0.001,"perThousandTokens":0.002}}""",
            "ok"
        );
        await model.RouteAsync("""{"strategy":"cheapest","targets":[{"version":1},{"version":2},{"version":3}]}""");
        Assert.Equal("2", Assert.Single(await model.InferAsync(5)).Key);
    }

    [Fact]
    public async Task Infer_TargetIsDraining_SkipsIt()
    {
        var model = await RoutedModel.CreateAsync(service.Client, "ok", "ok", "ok");
        await model.RouteAsync("""{"strategy":"roundRobin","targets":[{"version":1},{"version":2}]}""");
        await model.Registry.MoveThroughAsync(model.Name, 1, "draining");
        Assert.Equal("2", Assert.Single(await model.InferAsync(4)).Key);
    }

    [Fact]
    public async Task Infer_NoTargetServes_TakesDefault()
    {
        var model = await RoutedModel.CreateAsync(service.Client, "ok", "ok", "ok");
        await model.RouteAsync("""{"strategy":"roundRobin","targets":[{"version":1}]}""");
        await model.Registry.MoveThroughAsync(model.Name, 1, "draining");
        Assert.Equal("3", await model.InferAsync());
    }

    [Fact]
    public async Task Infer_ByAlias_TakesItsVersion()
    {
        var model = await RoutedModel.CreateAsync(service.Client, "ok", "ok");
        await model.RouteAsync("""{"strategy":"roundRobin","targets":[{"version":2}]}""");
        await model.Registry.MoveAsync(model.Name, "champion", 1);

        using var asVersion = await model.SendAsync("/versions/champion/infer");
        using var inName = await model.SendAsync("@champion/infer");
        using var ready = await service.Client.GetAsync($"/v2/models/{model.Name}@champion/ready");
        Assert.Equal("1", (await asVersion.ReadAsync(200)).GetProperty("model_version").GetString());
        Assert.Equal("1", (await inName.ReadAsync(200)).GetProperty("model_version").GetString());
        await ready.ReadAsync(200);

        using var unknown = await model.SendAsync("@challenger/infer");
        Assert.Equal(
            $"Model '{model.Name}' has no version 'challenger'.",
            (await unknown.ReadAsync(404)).GetProperty("error").GetString()
        );
    }

    [Fact]
    public async Task Infer_VersionFails_FallbackAnswers()
    {
        var model = await RoutedModel.CreateAsync(service.Client, "ok", "fails");
        await model.RouteAsync(
            """{"strategy":"roundRobin","targets":[{"version":2}],"fallback":{"version":1}}"""
        );
        Assert.Equal("1", Assert.Single(await model.InferAsync(3)).Key);

        // A request for a version gets that one.
        using var named = await model.SendAsync("/versions/2/infer");
        Assert.Equal("It is broken.", (await named.ReadAsync(502)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Infer_FallbackFailsToo_IsTriedOnce()
    {
        var model = await RoutedModel.CreateAsync(
            service.Client,
            "fails",
            """{"kind":"mock","definition":{"error":"The fallback is broken."}}"""
        );
        await model.RouteAsync(
            """{"strategy":"roundRobin","targets":[{"version":1}],"fallback":{"version":2}}"""
        );
        using var response = await model.SendAsync();
        Assert.Equal("The fallback is broken.", (await response.ReadAsync(502)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Infer_VersionFailsRepeatedly_IsEjected()
    {
        var model = await RoutedModel.CreateAsync(service.Client, "ok", "fails");
        await model.RouteAsync(
            """
            {"strategy":"roundRobin","targets":[{"version":1},{"version":2}],
            "ejection":{"consecutiveFailures":3,"seconds":3600}}
            """
        );
        var answers = await model.InferAsync(20);
        Assert.Equal((17, 3), (answers["1"], answers["-"]));
    }

    [Fact]
    public async Task Infer_AllEjected_AreTriedAnyway()
    {
        var model = await RoutedModel.CreateAsync(service.Client, "fails");
        await model.RouteAsync(
            """{"strategy":"roundRobin","targets":[{"version":1}],"ejection":{"consecutiveFailures":1}}"""
        );
        await model.InferAsync(3);
        using var response = await model.SendAsync();
        Assert.Equal("It is broken.", (await response.ReadAsync(502)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Infer_TooManyOutstanding_IsRefusedAtOnce()
    {
        var model = await RoutedModel.CreateAsync(service.Client, "slow");
        await model.RouteAsync("""{"strategy":"leastOutstanding","targets":[{"version":1}],"maxOutstanding":2}""");
        using var stop = new CancellationTokenSource();
        var running = Enumerable.Range(0, 2).Select(_ => PostAsync(model, stop.Token)).ToList();
        await Until.TrueAsync(async () => await model.CountOutstandingAsync(service) == 2, "two requests run");

        foreach (var path in new[] { "/infer", "/versions/1/infer" })
        {
            using var refused = await model.SendAsync(path);
            Assert.Contains(
                "too many requests in flight",
                (await refused.ReadAsync(503)).GetProperty("error").GetString(),
                StringComparison.Ordinal
            );
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        }

        // Clients that go away free their places.
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(running));
        await Until.TrueAsync(async () => await model.CountOutstandingAsync(service) == 0, "no request runs");
    }

    [Fact]
    public async Task Infer_TimeoutPasses_IsGatewayTimeout()
    {
        var model = await RoutedModel.CreateAsync(service.Client, "slow");
        using var late = await model.SendAsync(more: ""","parameters":{"timeout":2000}""");
        Assert.Contains("2 ms", (await late.ReadAsync(504)).GetProperty("error").GetString(), StringComparison.Ordinal);

        using var wrong = await model.SendAsync(more: ""","parameters":{"timeout":"soon"}""");
        Assert.StartsWith(
            "parameters.timeout must be",
            (await wrong.ReadAsync(400)).GetProperty("error").GetString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("""{"targets":[{"version":1}]}""", "strategy: is required")]
    [InlineData("""{"strategy":"roundRobin","targets":[]}""", "targets: must have 1 to 20 entries, has 0")]
    [InlineData("""{"strategy":"roundRobin","targets":[{}]}""", "targets[0]: must have either version or alias")]
    [InlineData(
        """{"strategy":"roundRobin","targets":[{"version":1},{"version":1}]}""",
        "targets[1]: must be unique"
    )]
    [InlineData("""{"strategy":"weighted","targets":[{"version":1}]}""", "targets[0].weight: is required")]
    [InlineData(
        """{"strategy":"cheapest","targets":[{"version":1,"weight":1}]}""",
        """targets[0].weight: must be absent unless the strategy is "weighted" """
    )]
    [InlineData("""{"strategy":"canary","targets":[{"version":1},{"version":2}]}""", "canary: is required")]
    [InlineData(
        """{"strategy":"canary","targets":[{"version":1},{"version":2}],"canary":{"steps":[50,5]}}""",
        "canary.steps: must rise, each above 0 and below 100"
    )]
    public async Task Set_Invalid_NamesFieldAndRule(string policy, string expected)
    {
        var model = await RoutedModel.CreateAsync(service.Client, "ok", "ok");
        using var response = await model.Registry.SendAsync("PUT", $"/{model.Name}/routing", policy);
        Assert.Contains(expected.Trim(), await Problem.ReadRulesAsync(response));
    }

    private async Task<HttpResponseMessage> PostAsync(RoutedModel model, CancellationToken cancellationToken) =>
        await service.Client.PostAsync(
            new Uri($"/v2/models/{model.Name}/infer", UriKind.Relative),
            Requests.Json($$"""{"inputs":[{{RoutedModel.Row}}]}"""),
            cancellationToken
        );
}
