using System.Net;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Idempotency;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Http;

public sealed class IdempotencyTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private TestService _service = null!;
    private int _made;
    private Func<HttpContext, Task> _before = _ => Task.CompletedTask;

    public async Task InitializeAsync() =>
        _service = await TestService.StartAsync(Map, configure: b => b.Services.AddSingleton<TimeProvider>(_clock));

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Post_SameKeyAndBody_ReturnsFirstResponse()
    {
        using var first = await PostAsync("k1", """{"name":"a"}""");
        using var second = await PostAsync("k1", """{"name":"a"}""");

        Assert.Equal(1, _made);
        foreach (var response in new[] { first, second })
        {
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            Assert.Equal("/things/1", response.Headers.Location?.ToString());
            Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal("""{"name":"a","number":1}""", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Post_NoKey_RunsEachTime()
    {
        (await PostAsync(null, "{}")).Dispose();
        (await PostAsync(null, "{}")).Dispose();

        Assert.Equal(2, _made);
    }

    [Theory]
    [InlineData("""{"name":"b"}""", "")]
    [InlineData("""{"name":"a"}""", "?dry=true")]
    public async Task Post_SameKeyOtherRequest_Returns422(string body, string query)
    {
        (await PostAsync("k1", """{"name":"a"}""")).Dispose();

        using var response = await PostAsync("k1", body, query: query);

        await response.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(1, _made);
    }

    [Fact]
    public async Task Post_SameKeyOfOtherCaller_IsSeparate()
    {
        (await PostAsync("k1", "{}")).Dispose();

        using var root = _service.Client();
        using var created = await root.PostAsync(
            "/api/v1/llm/keys",
            Answers.Json("""{"name":"other","scopes":["llm:write"]}""")
        );
        var other = (await created.JsonAsync()).GetProperty("key").GetString()!;

        using var response = await PostAsync("k1", "{}", other);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(2, _made);
    }

    [Fact]
    public async Task Post_FirstInProgress_Returns409()
    {
        var (started, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _before = _ =>
        {
            started.TrySetResult();
            return go.Task;
        };
        var first = PostAsync("k1", "{}");
        await started.Task;

        using (var second = await PostAsync("k1", "{}"))
        {
            await second.ProblemAsync(HttpStatusCode.Conflict);
            Assert.NotNull(second.Headers.RetryAfter);
        }

        go.SetResult();
        (await first).Dispose();
        using var third = await PostAsync("k1", "{}");
        Assert.Equal(HttpStatusCode.Created, third.StatusCode);
        Assert.Equal(1, _made);
    }

    [Fact]
    public async Task Post_FirstFailed_RunsAgain()
    {
        foreach (var failure in new Exception[] { new InvalidOperationException(), new NpgsqlException() })
        {
            _before = _ => throw failure;
            using var failed = await PostAsync("k1", "{}");
            Assert.True((int)failed.StatusCode >= 500);
        }

        _before = context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        (await PostAsync("k1", "{}")).Dispose();
        _before = _ => Task.CompletedTask;

        using var response = await PostAsync("k1", "{}");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(408)]
    [InlineData(425)]
    public async Task Post_FirstRetryable_RunsAgain(int status)
    {
        _before = context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        (await PostAsync("k1", "{}")).Dispose();
        _before = _ => Task.CompletedTask;

        using var response = await PostAsync("k1", "{}");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public async Task Post_FirstInvalid_ReturnsSameProblem()
    {
        using var first = await PostAsync("k1", """{"name":""}""");
        using var second = await PostAsync("k1", """{"name":""}""");

        await first.InvalidAsync("name", "must have 1 character or more");
        await second.InvalidAsync("name", "must have 1 character or more");
        Assert.Equal(0, _made);
    }

    [Fact]
    public async Task Post_FirstWithoutBody_ReturnsSameProblem()
    {
        _before = context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };

        using var first = await PostAsync("k1", "{}");
        using var second = await PostAsync("k1", "{}");

        await first.ProblemAsync(HttpStatusCode.NotFound);
        await second.ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Post_ProcessDied_RunsAgainAfterLease()
    {
        var abandoned = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        _before = _ =>
        {
            started.TrySetResult();
            return abandoned.Task;
        };
        var first = PostAsync("k1", """{"name":"first"}""");
        await started.Task;
        _before = _ => Task.CompletedTask;

        _clock.Advance(IIdempotencyStore.Lease);
        using (var early = await PostAsync("k1", """{"name":"first"}"""))
        {
            Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        using var second = await PostAsync("k1", """{"name":"first"}""");
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);

        // The slow first request ends at last; its response must not replace the stored one.
        abandoned.SetException(new InvalidOperationException());
        (await first).Dispose();
        using var third = await PostAsync("k1", """{"name":"first"}""");
        Assert.Equal(await second.Content.ReadAsStringAsync(), await third.Content.ReadAsStringAsync());
        Assert.Equal(1, _made);
    }

    [Fact]
    public async Task Post_AfterOneDay_RunsAgain()
    {
        (await PostAsync("k1", "{}")).Dispose();

        _clock.Advance(TimeSpan.FromHours(24));
        (await PostAsync("k1", "{}")).Dispose();
        Assert.Equal(1, _made);

        _clock.Advance(TimeSpan.FromSeconds(1));
        (await PostAsync("k1", "{}")).Dispose();
        Assert.Equal(2, _made);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("\u007f")]
    [InlineData("256")]
    public async Task Post_InvalidKey_IsRefused(string key)
    {
        using var response = await PostAsync(key == "256" ? new string('k', 256) : key, "{}");

        await response.InvalidAsync("Idempotency-Key", "must have 1 to 255 visible ASCII characters");
        Assert.Equal(0, _made);
    }

    [Fact]
    public async Task Post_LongestKey_IsAccepted()
    {
        (await PostAsync(new string('k', 255), "{}")).Dispose();
        (await PostAsync(new string('k', 255), "{}")).Dispose();

        Assert.Equal(1, _made);
    }

    [Fact]
    public async Task Post_CallerLacksScope_StoresNothing()
    {
        using var response = await PostAsync("k1", "{}", "cf_made-up");

        await response.ProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Post_EndpointNotIdempotent_IgnoresKey()
    {
        using var client = _service.Client();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/plain")
            {
                Headers = { { "Idempotency-Key", "k1" } },
            };
            (await client.SendAsync(request)).Dispose();
        }

        Assert.Equal(2, _made);
    }

    [Fact]
    public async Task Post_StoringFails_ReturnsResponse()
    {
        await using var service = await TestService.StartAsync(
            Map,
            configure: b => b.Services.AddSingleton<IIdempotencyStore, ForgetfulStore>()
        );

        using var response = await PostAsync("k1", "{}", service: service);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    private async Task<HttpResponseMessage> PostAsync(
        string? idempotencyKey,
        string body,
        string key = TestService.RootKey,
        string query = "",
        TestService? service = null
    )
    {
        using var client = (service ?? _service).Client(key);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/things" + query) { Content = Answers.Json(body) };
        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }

        return await client.SendAsync(request);
    }

    private void Map(WebApplication app)
    {
        app.MapPost(
                "/things",
                async Task<IResult> (Thing thing, HttpContext context) =>
                {
                    await _before(context);
                    if (context.Response.StatusCode != 200)
                    {
                        return TypedResults.Empty;
                    }

                    if (thing.Name is "")
                    {
                        return Problems.Invalid([new("name", "must have 1 character or more")]);
                    }

                    var number = Interlocked.Increment(ref _made);
                    return TypedResults.Created($"/things/{number}", thing with { Number = number });
                }
            )
            .RequireScope(Scopes.Write("llm"))
            .WithIdempotency();
        app.MapPost("/plain", () => Interlocked.Increment(ref _made)).RequireScope(Scopes.Write("llm"));
    }

    internal sealed record Thing(string? Name, int? Number);

    /// <summary>An outage of the database during the request.</summary>
    private sealed class ForgetfulStore : IIdempotencyStore
    {
        public Task<IdempotencyState> BeginAsync(
            IdempotencySlot slot,
            byte[] fingerprint,
            DateTimeOffset now,
            CancellationToken cancellationToken
        ) => Task.FromResult<IdempotencyState>(new IdempotencyState.New());

        public Task EndAsync(
            IdempotencySlot slot,
            DateTimeOffset begun,
            IdempotentResponse? response,
            CancellationToken cancellationToken
        ) => throw new NpgsqlException("away");

        public Task ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
