using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

// Which requests are retried, and taking resilience off a client, are marked as experimental.
#pragma warning disable EXTEXP0001 // Experimental in name, as the real one is.

namespace StandIns.Tests.Http;

public class ResilienceTests
{
    private readonly IServiceCollection _services = new ServiceCollection();

    [Theory]
    [InlineData(500, 3)]
    [InlineData(503, 3)]
    [InlineData(408, 3)]
    [InlineData(429, 3)]
    [InlineData(501, 3)]
    [InlineData(404, 1)]
    [InlineData(400, 1)]
    [InlineData(200, 1)]
    public async Task Standard_AnswerOfStatus_IsRetriedWhenTransient(int status, int expected)
    {
        using var backend = new FakeBackend((HttpStatusCode)status, (HttpStatusCode)status, HttpStatusCode.OK);
        using var client = Standard(backend);
        var response = await client.GetAsync(new Uri("http://x"));
        Assert.Equal(expected, backend.Count);
        Assert.Equal(expected == 3 ? 200 : status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Standard_AlwaysFailing_GivesTheLastAnswerAfterFourAttempts()
    {
        using var backend = new FakeBackend(HttpStatusCode.BadGateway);
        using var client = Standard(backend);
        var response = await client.PostAsync(new Uri("http://x"), new StringContent("again and again"));
        Assert.Equal((4, HttpStatusCode.BadGateway), (backend.Count, response.StatusCode));
        Assert.Equal(Timeout.InfiniteTimeSpan, client.Timeout);
    }

    [Fact]
    public async Task Standard_ConnectionFails_IsRetriedThenThrown()
    {
        using var backend = new FakeBackend((_, _) => throw new HttpRequestException("no"));
        using var client = Standard(backend);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://x")));
        Assert.Equal(4, backend.Count);
    }

    [Fact]
    public void Options_Defaults_AreTheDocumentedOnes()
    {
        _services.AddHttpClient("c").AddStandardResilienceHandler();
        var options = _services.BuildServiceProvider().GetRequiredService<IOptionsMonitor<HttpStandardResilienceOptions>>().Get("c-standard");
        Assert.Equal((30, 10), (options.TotalRequestTimeout.Timeout.TotalSeconds, options.AttemptTimeout.Timeout.TotalSeconds));
        Assert.Equal(
            (3, 2d, DelayBackoffType.Exponential, true, true),
            (options.Retry.MaxRetryAttempts, options.Retry.Delay.TotalSeconds, options.Retry.BackoffType, options.Retry.UseJitter, options.Retry.ShouldRetryAfterHeader));
        Assert.Equal(
            (0.1, 100, 30d, 5d),
            (options.CircuitBreaker.FailureRatio, options.CircuitBreaker.MinimumThroughput, options.CircuitBreaker.SamplingDuration.TotalSeconds, options.CircuitBreaker.BreakDuration.TotalSeconds));
    }

    [Fact]
    public async Task DisableForUnsafeHttpMethods_Post_IsSentOnce()
    {
        using var backend = new FakeBackend(HttpStatusCode.BadGateway);
        using var client = Standard(backend, options => options.Retry.DisableForUnsafeHttpMethods());
        await client.PostAsync(new Uri("http://x"), null);
        Assert.Equal(1, backend.Count);
        await client.GetAsync(new Uri("http://x"));
        Assert.Equal(5, backend.Count);
    }

    [Fact]
    public async Task DisableFor_ConnectionFails_KnowsTheMethodToo()
    {
        using var backend = new FakeBackend((_, _) => throw new HttpRequestException("no"));
        using var client = Standard(backend, options => options.Retry.DisableFor(HttpMethod.Get));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://x")));
        Assert.Equal(1, backend.Count);
    }

    [Fact]
    public async Task RetryAfter_InTheAnswer_SetsTheDelay()
    {
        using var backend = new FakeBackend((n, _) => Task.FromResult(n == 1
            ? new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { { "Retry-After", "1" } } }
            : new(HttpStatusCode.OK)));
        TimeSpan? delay = null;
        using var client = Standard(backend, options => options.Retry.OnRetry = args =>
        {
            delay = args.RetryDelay;
            return default;
        });
        await client.GetAsync(new Uri("http://x"));
        Assert.Equal(TimeSpan.FromSeconds(1), delay);
    }

    [Fact]
    public async Task AttemptTimeout_Elapses_IsRetriedWithinTheTotal()
    {
        using var backend = new FakeBackend(async (n, cancellationToken) =>
        {
            await Task.Delay(n == 1 ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken);
            return new(HttpStatusCode.OK);
        });
        using var client = Standard(backend, options => options.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(100));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("http://x"))).StatusCode);
        Assert.True(backend.Count >= 2);
    }

    [Fact]
    public async Task TotalTimeout_Elapses_EndsTheRetries()
    {
        using var backend = new FakeBackend(async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return new(HttpStatusCode.OK);
        });
        using var client = Standard(backend, options =>
        {
            options.TotalRequestTimeout.Timeout = TimeSpan.FromMilliseconds(200);
            options.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(100);
            options.Retry.MaxRetryAttempts = 1000;
        });
        await Assert.ThrowsAsync<TimeoutRejectedException>(() => client.GetAsync(new Uri("http://x")));
        Assert.InRange(backend.Count, 1, 4);
    }

    [Fact]
    public async Task CircuitBreaker_ManyFailures_OpensInsideTheRetries()
    {
        using var backend = new FakeBackend(HttpStatusCode.BadGateway);
        using var client = Standard(backend, options => options.CircuitBreaker.MinimumThroughput = 2);
        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync(new Uri("http://x")));
        Assert.Equal(2, backend.Count);
        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync(new Uri("http://y")));
        Assert.Equal(2, backend.Count);
    }

    [Fact]
    public async Task SelectPipelineByAuthority_OneServerFails_LeavesTheOtherAlone()
    {
        using var backend = new FakeBackend(HttpStatusCode.BadGateway);
        using var client = Standard(backend, options => options.CircuitBreaker.MinimumThroughput = 2, pipeline => pipeline.SelectPipelineByAuthority());
        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync(new Uri("http://x")));
        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync(new Uri("http://y")));
        Assert.Equal(4, backend.Count);
    }

    [Fact]
    public async Task RateLimiter_ThousandUnderWay_RefusesTheNextAtOnce()
    {
        var open = new TaskCompletionSource();
        using var backend = new FakeBackend(async (_, _) =>
        {
            await open.Task;
            return new(HttpStatusCode.OK);
        });
        using var client = Standard(backend);
        var underWay = Enumerable.Range(0, 1000).Select(_ => client.GetAsync(new Uri("http://x"))).ToList();
        await Assert.ThrowsAnyAsync<ExecutionRejectedException>(() => client.GetAsync(new Uri("http://x")));
        open.SetResult();
        Assert.All(await Task.WhenAll(underWay), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Theory]
    [InlineData("TotalRequestTimeout:Timeout", "00:00:05")]
    [InlineData("CircuitBreaker:SamplingDuration", "00:00:15")]
    [InlineData("Retry:MaxRetryAttempts", "-1")]
    [InlineData("AttemptTimeout:Timeout", "-00:00:01")]
    public async Task Options_ThatMakeNoSense_AreRefusedAtTheStart(string key, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration[$"Resilience:{key}"] = value;
        builder.Services.AddHttpClient("c").AddStandardResilienceHandler(builder.Configuration.GetSection("Resilience"));
        using var host = builder.Build();
        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
    }

    [Fact]
    public void Configure_EmptySection_IsRefused() => Assert.Throws<ArgumentException>(() =>
        _services.AddHttpClient("c").AddStandardResilienceHandler(new ConfigurationBuilder().Build().GetSection("Nothing")));

    [Fact]
    public async Task AddResilienceHandler_TwoHandlers_ShareOneContextAndKnowTheRequest()
    {
        using var backend = new FakeBackend(HttpStatusCode.OK);
        List<(string, ResilienceContext, Uri?)> seen = [];
        ResilienceHandlerContext? built = null;
        var http = _services.AddHttpClient("c").ConfigurePrimaryHttpMessageHandler(() => backend);
        foreach (var name in new[] { "outer", "inner" })
            http.AddResilienceHandler(name, (pipeline, context) =>
            {
                built = context;
                pipeline.AddRetry(new HttpRetryStrategyOptions
                {
                    ShouldHandle = args =>
                    {
                        seen.Add((name, args.Context, args.Context.GetRequestMessage()?.RequestUri));
                        return new(false);
                    },
                });
            });
        using var client = Client();
        await client.GetAsync(new Uri("http://x"));

        Assert.Equal(["inner", "outer"], seen.Select(s => s.Item1));
        Assert.All(seen, s => Assert.Equal(new Uri("http://x"), s.Item3));
        Assert.Same(seen[0].Item2, seen[1].Item2);
        Assert.StartsWith("c-", built!.BuilderName, StringComparison.Ordinal);
        Assert.NotNull(built.ServiceProvider);
    }

    [Fact]
    public async Task Context_SetByTheCaller_IsTheOneThatThePipelineUses()
    {
        using var backend = new FakeBackend(HttpStatusCode.OK);
        var key = new ResiliencePropertyKey<string>("who");
        string? seen = null;
        _services.AddHttpClient("c").ConfigurePrimaryHttpMessageHandler(() => backend)
            .AddResilienceHandler("p", pipeline => pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                ShouldHandle = args =>
                {
                    seen = args.Context.Properties.GetValue(key, "nobody");
                    return new(false);
                },
            }));
        using var client = Client();
        var context = ResilienceContextPool.Shared.Get();
        context.Properties.Set(key, "the caller");
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://x");
        request.SetResilienceContext(context);
        await client.SendAsync(request);
        Assert.Equal("the caller", seen);
        Assert.Same(context, request.GetResilienceContext());
        ResilienceContextPool.Shared.Return(context);
    }

    [Fact]
    public async Task RemoveAllResilienceHandlers_AfterTheDefaults_LeavesOneClientPlain()
    {
        using var backend = new FakeBackend(HttpStatusCode.BadGateway);
        _services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => backend).AddStandardResilienceHandler(o => o.Retry.Delay = TimeSpan.Zero));
        _services.AddHttpClient("c").RemoveAllResilienceHandlers();
        using var plain = Client();
        await plain.GetAsync(new Uri("http://x"));
        Assert.Equal(1, backend.Count);
        using var resilient = Client("other");
        await resilient.GetAsync(new Uri("http://x"));
        Assert.Equal(5, backend.Count);
    }

    private HttpClient Standard(
        FakeBackend backend, Action<HttpStandardResilienceOptions>? configure = null, Action<IHttpStandardResiliencePipelineBuilder>? extend = null)
    {
        var pipeline = _services.AddHttpClient("c").ConfigurePrimaryHttpMessageHandler(() => backend).AddStandardResilienceHandler();
        pipeline.Configure(options => options.Retry.Delay = TimeSpan.Zero);
        pipeline.Configure(options => configure?.Invoke(options));
        extend?.Invoke(pipeline);
        return Client();
    }

    private HttpClient Client(string name = "c") => _services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient(name);
}
