using System.Net;
using System.Net.Http.Headers;

namespace CogniForge.EndToEnd.Tests;

/// <summary>
/// Client errors at each endpoint with a body: a 4xx names the field, and no service stores anything.
/// </summary>
[Trait("Category", "Servers")]
[Collection(DevelopmentCollection.Name)]
public sealed class BadRequestTests(DevelopmentSystem system)
{
    private const string Model = "bad-requests";

    // Above every service's limit: the gateway accepts 32 MiB, because of images.
    private const int FortyMegabytes = 40_000_000;

    // The body, and what the response names.
    private static readonly (string Body, string Named)[] _badInferences =
    [
        ("{}", "inputs"),
        ("""{"inputs":[{"name":"features","shape":[1,30],"datatype":"FP64","data":["x"]}]}""", "inputs[0].data"),
        ("""{"inputs":[{"name":"features","shape":[1,2],"datatype":"FP64","data":[1,2]}]}""", "inputs[0].shape"),
        ("""{"inputs":[{"name":"features","shape":[1,30],"datatype":"FP65","data":[1]}]}""", "inputs[0].datatype"),
        ("{", "JSON"),
        ("", "JSON"),
    ];

    private static readonly (string Body, string Named)[] _badKeys =
    [
        ("""{"name":"k"}""", "scopes"),
        ("""{"name":"k","scopes":"llm:read"}""", "scopes"),
        ("""{"name":"k","scopes":["llm:everything"]}""", "scopes[0]"),
        ("""{"scopes":["llm:read"]}""", "name"),
        ("""{"name":"k","scopes":["llm:read"],"expiresAt":"soon"}""", "expiresAt"),
        ("""{"name":"k","scopes":["llm:read"],"expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt"),
        ("nonsense", "not well-formed JSON"),
        ("null", "is required"),
    ];

    private static readonly Dictionary<string, (string Body, string Named)[]> _bad = new()
    {
        ["/v1/chat/completions"] =
        [
            ("""{"messages":[{"role":"user","content":"x"}]}""", "model"),
            ("""{"model":"mock","messages":"x"}""", "messages"),
            ("""{"model":"mock","messages":[{"role":"user","content":7}]}""", "messages[0].content"),
            ("""{"model":"mock",""", "not well-formed JSON"),
        ],
        ["/api/v1/serving/models"] =
        [
            ("""{"name":"bad","kind":"logistic","inputs":["a"],"classes":["n","y"],"coefficients":[1]}""", "intercept"),
            (
                """
                {"name":"bad","kind":"logistic","inputs":["a"],"classes":["n","y"],
                "intercept":"0","coefficients":[1]}
                """,
                "intercept"
            ),
            (
                """
                {"name":"Bad Name","kind":"logistic","inputs":["a"],"classes":["n","y"],
                "intercept":0,"coefficients":[1]}
                """,
                "name"
            ),
            ("""{"name":""", "not well-formed JSON"),
        ],
        [$"/v2/models/{Model}/infer"] = _badInferences,
        [$"/v2/models/{Model}/versions/1/infer"] = _badInferences,
        ["/api/v1/events"] =
        [
            ("""{"userId":"u1"}""", "event"),
            ("""{"event":5,"userId":"u1"}""", "event"),
            ("""{"event":"e"}""", "userId"),
            ("""{"event":"e","userId":"u1","timestamp":"yesterday"}""", "timestamp"),
            ("""{"event":"e","userId":"u1","properties":[1]}""", "properties"),
            ("{bad", "not well-formed JSON"),
        ],
        ["/api/v1/llm/keys"] = _badKeys,
        ["/api/v1/serving/keys"] = _badKeys,
        ["/api/v1/analytics/keys"] = _badKeys,
        ["/api/v1/web/keys"] = _badKeys,
    };

    public static TheoryData<string, string> Endpoints =>
        new()
        {
            { "llm", "/v1/chat/completions" },
            { "serving", "/api/v1/serving/models" },
            { "serving", $"/v2/models/{Model}/infer" },
            { "serving", $"/v2/models/{Model}/versions/1/infer" },
            { "analytics", "/api/v1/events" },
            { "llm", "/api/v1/llm/keys" },
            { "serving", "/api/v1/serving/keys" },
            { "analytics", "/api/v1/analytics/keys" },
            { "web", "/api/v1/web/keys" },
        };

    public static TheoryData<string, string> Lists =>
        new()
        {
            { "serving", "/api/v1/serving/models" },
            { "llm", "/api/v1/llm/keys" },
            { "serving", "/api/v1/serving/keys" },
            { "analytics", "/api/v1/analytics/keys" },
            { "web", "/api/v1/web/keys" },
        };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Post_InvalidBody_NamesFieldAndStoresNothing(string service, string path)
    {
        using var client = system.Client(service);
        await EnsureModelAsync();
        var before = await StoredRows.CountAsync(system, Model);

        foreach (var (body, named) in _bad[path])
        {
            using var response = await client.PostAsync(path, Samples.Json(body));
            await AssertBadRequestAsync(response, named);
        }

        using var large = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(new byte[FortyMegabytes]),
        };
        large.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        // As curl does: wait for 100 Continue, and receive the error before sending the body.
        large.Headers.ExpectContinue = true;
        using var tooLarge = await client.SendAsync(large);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);

        StoredRows.AssertNothingNew(before, await StoredRows.CountAsync(system, Model));
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task List_InvalidPage_NamesField(string service, string path)
    {
        using var client = system.Client(service);
        foreach (
            var (query, named) in new[]
            {
                ("limit=0", "limit"),
                ("limit=1001", "limit"),
                ("limit=many", "limit"),
                ("limit=99999999999", "limit"),
                ("cursor=nonsense", "cursor"),
            }
        )
        {
            using var response = await client.GetAsync($"{path}?{query}");
            await AssertBadRequestAsync(response, named);
        }
    }

    [Fact]
    public async Task CountEvents_InvalidName_NamesField()
    {
        using var client = system.Client("analytics");
        foreach (var name in new[] { "", "a%00b", new string('x', 201) })
        {
            using var response = await client.GetAsync($"/api/v1/events/count?event={name}");
            await AssertBadRequestAsync(response, "event");
        }
    }

    [Fact]
    public async Task Infer_UnknownVersion_ReturnsNotFound()
    {
        using var client = system.Client("serving");
        await EnsureModelAsync();
        foreach (var version in new[] { "2", "0", "-1", "one", "99999999999" })
        {
            using var response = await client.PostAsync($"/v2/models/{Model}/versions/{version}/infer", Samples.Rows());
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Contains(
                $"'{version}'",
                (string)(await Samples.ReadAsync(response))["error"]!,
                StringComparison.Ordinal
            );
        }
    }

    private static async Task AssertBadRequestAsync(HttpResponseMessage response, string named)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(
            response.StatusCode == HttpStatusCode.BadRequest,
            $"{response.RequestMessage!.RequestUri} {named}: {response.StatusCode}: {text}"
        );
        Assert.Contains(named, text, StringComparison.Ordinal);
        Assert.DoesNotContain("CogniForge.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
    }

    private async Task EnsureModelAsync()
    {
        using var serving = system.Client("serving");
        using var response = await serving.PostAsync("/api/v1/serving/models", Samples.Model(Model));
        Assert.True(
            response.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict,
            response.StatusCode.ToString()
        );
    }
}
