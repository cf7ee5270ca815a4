using System.Net;
using System.Text;
using System.Text.Json;
using CogniForge.Messaging.Journal;
using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Http;

public sealed class ProblemTests(ProblemTests.Host host) : IClassFixture<ProblemTests.Host>
{
    private const int MaxBody = 10_000;
    private static int _slow;
    private readonly TestService _service = host.Service;
    private readonly HttpClient _client = host.Client;

    public enum Kind
    {
        LogisticRegression,
        Mock,
    }

    public static TheoryData<string, Func<Exception>> Outages =>
        new()
        {
            { "postgres", () => new NpgsqlException("Failed to connect to 10.0.0.7:5432") },
            {
                "postgres-stopping",
                () =>
                    new PostgresException(
                        "terminating connection due to administrator command",
                        "FATAL",
                        "FATAL",
                        "57P01"
                    )
            },
            {
                "postgres-full",
                () => new PostgresException("sorry, too many clients already", "FATAL", "FATAL", "53300")
            },
            { "postgres-deadlock", () => new PostgresException("deadlock detected", "ERROR", "ERROR", "40P01") },
            { "broker", () => new BrokerUnavailableException("The broker could not be reached.") },
            { "queue-full", () => new BrokerUnavailableException("The broker refused a.b.") { QueueFull = true } },
            { "queue-missing", () => new BrokerUnavailableException("No queue is bound to a.b.") { NoQueue = true } },
            { "message-refused", () => new BrokerUnavailableException("a.b") { MessageRefused = true } },
            { "journal", () => new JournalFullException() },
            { "timeout", () => new TimeoutException("The operation has timed out.") },
        };

    [Theory]
    [InlineData("""{"name":5}""", "name", "must be a string")]
    [InlineData("""{"rows":"many"}""", "rows", "must be a whole number in range")]
    [InlineData("""{"kind":"quantum"}""", "kind", "must be one of logisticRegression, mock")]
    [InlineData("""{"kind":true}""", "kind", "must be one of logisticRegression, mock")]
    [InlineData("""{"tags":["a",{}]}""", "tags[1]", "must be a string")]
    [InlineData("""{"inner":{"inner":{"rows":null}}}""", "inner.inner.rows", "must be a whole number in range")]
    [InlineData("[1]", "", "must be an object")]
    [InlineData("null", "", "is required: JSON other than null")]
    [InlineData("""{"name":"a" """, "", "is not well-formed JSON (line 1, byte 13)")]
    [InlineData("name=a", "", "is not well-formed JSON (line 1, byte 2)")]
    public async Task Post_InvalidBody_ReturnsFieldError(string body, string field, string rule)
    {
        using var response = await _client.PostAsync("/things", Answers.Json(body));

        await response.InvalidAsync(field, rule);
    }

    [Fact]
    public async Task Post_MalformedAnyJson_ReturnsError()
    {
        using var response = await _client.PostAsync("/any", Answers.Json("[1,"));

        await response.InvalidAsync("", "is not well-formed JSON (line 1, byte 3)");
    }

    [Fact]
    public async Task Post_InvalidUtf8_Returns400()
    {
        using var content = new ByteArrayContent([.. "{\"name\":\""u8, 0xff, 0xfe, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");

        using var response = await _client.PostAsync("/things", content);

        await response.ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_NoBody_ReturnsError(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/things") { Content = Answers.Json("") };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await _client.SendAsync(request);

        await response.InvalidAsync(
            "",
            chunked ? "is not well-formed JSON (line 1, byte 1)" : "is required: JSON other than null"
        );
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Post_OtherContentType_ReturnsSupportedType(string? type)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = type is null ? null : new(type);

        using var response = await _client.PostAsync("/things", content);

        var problem = await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType);
        Assert.Contains("application/json", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?limit=abc", "limit", "must be a whole number in range")]
    [InlineData("?limit=99999999999", "limit", "must be a whole number in range")]
    [InlineData("?limit=0", "limit", "must be 1 to 1000")]
    [InlineData("?cursor=!!!!!!!!!!!!!!!!!!!!!!", "cursor", "must be the 'next' of a previous page")]
    public async Task Get_InvalidPageQuery_ReturnsFieldError(string query, string field, string rule)
    {
        using var response = await _client.GetAsync("/api/v1/llm/keys" + query);

        await response.InvalidAsync(field, rule);
    }

    [Theory]
    [InlineData("/search?from=yesterday&exact=true", "from", "must be a date and time in ISO 8601")]
    [InlineData("/search?exact=perhaps", "exact", "must be true or false")]
    [InlineData("/search?exact=%22a%20b%22", "exact", "must be true or false")]
    [InlineData("/search", "exact", "is required")]
    [InlineData("/search?exact=true&id=7", "id", "must be a UUID")]
    [InlineData("/search?exact=true&ids=1&ids=x", "ids", "must be an array")]
    public async Task Get_InvalidQuery_ReturnsFieldError(string path, string field, string rule)
    {
        using var response = await _client.GetAsync(path);

        await response.InvalidAsync(field, rule);
    }

    [Theory]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v1/llm/keys/none/there", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/api/v1/llm/keys/not-a-uuid", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/things", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/things", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/empty/409", HttpStatusCode.Conflict)]
    [InlineData("GET", "/empty/500", HttpStatusCode.InternalServerError)]
    public async Task Send_ErrorWithoutBody_GetsProblemDetails(string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new(method), path);

        using var response = await _client.SendAsync(request);

        await response.ProblemAsync(status);
    }

    [Fact]
    public async Task Send_WrongMethod_ReturnsAllowedMethods()
    {
        using var response = await _client.DeleteAsync("/things");

        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xml;q=0.9, text/*")]
    public async Task Send_ClientAcceptsOtherTypes_GetsProblemDetails(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var response = await _client.SendAsync(request);

        await response.ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_OversizedBody_IsRefused(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/things")
        {
            Content = Answers.Json($$"""{"name":"{{new string('x', MaxBody)}}"}"""),
        };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await _client.SendAsync(request);

        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Post_OversizedContentLength_IsRefusedBeforeBody()
    {
        using var connection = new System.Net.Sockets.TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, _service.Address.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                "POST /things HTTP/1.1\r\nHost: localhost\r\n"
                    + $"Authorization: Bearer {TestService.RootKey}\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n"
            )
        );
        using var reader = new StreamReader(stream);

        Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Post_BodyOfMaximumSize_IsAccepted()
    {
        var json = $$"""{"name":"{{new string('x', MaxBody - 11)}}"}""";
        Assert.Equal(MaxBody, json.Length);

        using var response = await _client.PostAsync("/things", Answers.Json(json));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Send_HandlerFails_LogsDetails()
    {
        using var response = await _client.GetAsync("/boom");

        var problem = await response.ProblemAsync(HttpStatusCode.InternalServerError);
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        Assert.Contains("/boom failed", _service.Logs.At(LogLevel.Error));
    }

    [Fact]
    public async Task Send_HandlerFailsInDevelopment_LogsDetails()
    {
        await using var service = await TestService.StartAsync(Map, "Development");
        using var client = service.Client();

        using var response = await client.GetAsync("/boom");

        await response.ProblemAsync(HttpStatusCode.InternalServerError);
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Send_StoreUnavailable_Returns503WithRetryAfter(string name, Func<Exception> outage)
    {
        Assert.NotNull(outage());
        using var response = await _client.GetAsync($"/outages/{name}");

        var problem = await response.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.DoesNotContain("10.0.0.7", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("broker", "A database, Redis or RabbitMQ is unavailable; try again shortly.")]
    [InlineData("queue-full", "The queue of events is full; retry later.")]
    [InlineData("queue-missing", "RabbitMQ has no queue for the event yet; retry later.")]
    [InlineData("message-refused", "RabbitMQ refused an event, this one or one sent at the same time; retry once.")]
    [InlineData(
        "journal",
        "The journal is full because the stores have been unavailable for too long; try again later."
    )]
    public async Task Send_EventNotTaken_SaysWhy(string name, string detail)
    {
        using var response = await _client.GetAsync($"/outages/{name}");

        var problem = await response.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Send_PostgresRefusesQuery_Returns500()
    {
        using var response = await _client.GetAsync("/outages/none");

        await response.ProblemAsync(HttpStatusCode.InternalServerError);
        Assert.Null(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Send_HandlerFailsOnOwnJson_Returns500()
    {
        using var response = await _client.PostAsync("/stored", Answers.Json("""{"name":"a"}"""));

        await response.ProblemAsync(HttpStatusCode.InternalServerError);
        Assert.Contains("/stored failed", _service.Logs.At(LogLevel.Error));
    }

    [Fact]
    public async Task Send_ClientDisconnects_LogsNoError()
    {
        await using var service = await TestService.StartAsync(Map);
        using var client = service.Client();
        using var patience = new CancellationTokenSource();
        var response = client.GetAsync("/slow", patience.Token);
        await Until.TrueAsync(() => _slow > 0, "the request is being served");

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => response);
        await Until.TrueAsync(() => _slow == 0, "the handler has given up");
        Assert.Empty(service.Logs.At(LogLevel.Error));
    }

    [Fact]
    public async Task Send_ClientDisconnectsDuringError_LogsNoError()
    {
        await using var service = await TestService.StartAsync(
            Map,
            configure: builder =>
                builder.Services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, LateWriter>())
        );
        using var client = service.Client();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync("/things", Answers.Json("{")));

        Assert.Empty(service.Logs.At(LogLevel.Error));
    }

    /// <summary>Writes after the client has disconnected.</summary>
    private sealed class LateWriter : IProblemDetailsWriter
    {
        public bool CanWrite(ProblemDetailsContext context) => true;

        public async ValueTask WriteAsync(ProblemDetailsContext context)
        {
            context.HttpContext.Abort();
            context.HttpContext.RequestAborted.WaitHandle.WaitOne();
            await context.HttpContext.Response.WriteAsync("late", context.HttpContext.RequestAborted);
        }
    }

    private static void Map(WebApplication app)
    {
        app.MapGet(
                "/slow",
                async (CancellationToken cancellationToken) =>
                {
                    Interlocked.Increment(ref _slow);
                    try
                    {
                        await Task.Delay(Timeout.Infinite, cancellationToken);
                    }
                    finally
                    {
                        Interlocked.Decrement(ref _slow);
                    }
                }
            )
            .RequireScope(Scopes.LlmInvoke);
        app.MapPost("/things", (Thing thing) => thing.Name).RequireScope(Scopes.LlmInvoke);
        app.MapPost("/any", (JsonElement body) => body.ValueKind.ToString()).RequireScope(Scopes.LlmInvoke);
        app.MapGet("/search", (DateTimeOffset? from, bool exact, Guid? id, int[]? ids) => "")
            .RequireScope(Scopes.LlmInvoke);
        app.MapGet("/empty/{status:int}", (int status) => TypedResults.StatusCode(status))
            .RequireScope(Scopes.LlmInvoke);
        app.MapGet("/boom", string () => throw new InvalidOperationException("secret detail"))
            .RequireScope(Scopes.LlmInvoke);
        app.MapPost("/stored", (Thing thing) => JsonSerializer.Deserialize<Thing>("""{"name":"""))
            .RequireScope(Scopes.LlmInvoke);
        app.MapGet(
                "/outages/{name}",
                string (string name) =>
                    throw (
                        name == "none"
                            ? new PostgresException("relation \"x\" does not exist", "ERROR", "ERROR", "42P01")
                        : Outages.Single(o => (string)o[0] == name)[1] is Func<Exception> make ? make()
                        : new InvalidOperationException()
                    )
            )
            .RequireScope(Scopes.LlmInvoke);
    }

    public sealed class Host : IAsyncLifetime
    {
        internal TestService Service { get; private set; } = null!;

        internal HttpClient Client { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Service = await TestService.StartAsync(Map, settings: [("CogniForge:MaxRequestBodyBytes", $"{MaxBody}")]);
            Client = Service.Client();
        }

        public async Task DisposeAsync()
        {
            Client.Dispose();
            await Service.DisposeAsync();
        }
    }

    internal sealed record Thing(
        string? Name,
        int? Count,
        Kind? Kind,
        IReadOnlyList<string>? Tags,
        Inner? Inner,
        int Rows = 1
    );

    internal sealed record Inner(int Rows, Inner? Next)
    {
        [System.Text.Json.Serialization.JsonPropertyName("inner")]
        public Inner? Next { get; } = Next;
    }
}
