using System.Net;
using System.Net.Http.Headers;

namespace CogniForge.AppHost.Tests;

/// <summary>The client's mistakes at each endpoint that takes a body: a 4xx that names the field, and nothing is stored.</summary>
[Collection(DevelopmentCollection.Name)]
public sealed class BadRequestTests(DevelopmentSystem system)
{
    private const int TenMegabytes = 10_000_000;

    public static TheoryData<string, string, string, string> BadBodies => new()
    {
        // service, path, body, what the answer names
        { "llm", "/v1/chat/completions", """{"messages":[{"role":"user","content":"x"}]}""", "model" },
        { "llm", "/v1/chat/completions", """{"model":"mock","messages":"x"}""", "messages" },
        { "llm", "/v1/chat/completions", """{"model":"mock","messages":[{"role":"user","content":7}]}""", "messages[0].content" },
        { "llm", "/v1/chat/completions", """{"model":"mock",""", "not well-formed JSON" },
        { "serving", "/api/v1/serving/models", """{"name":"bad","kind":"logistic","inputs":["a"],"classes":["n","y"],"coefficients":[1]}""", "intercept" },
        { "serving", "/api/v1/serving/models", """{"name":"bad","kind":"logistic","inputs":["a"],"classes":["n","y"],"intercept":"0","coefficients":[1]}""", "intercept" },
        { "serving", "/api/v1/serving/models", """{"name":""", "not well-formed JSON" },
        { "serving", "/v2/models/bad-requests/infer", "{}", "inputs" },
        { "serving", "/v2/models/bad-requests/infer", """{"inputs":[{"name":"features","shape":[1,30],"datatype":"FP64","data":["x"]}]}""", "inputs[0].data" },
        { "serving", "/v2/models/bad-requests/infer", "{", "JSON" },
        { "analytics", "/api/v1/events", """{"userId":"u1"}""", "event" },
        { "analytics", "/api/v1/events", """{"event":5,"userId":"u1"}""", "event" },
        { "analytics", "/api/v1/events", """{"event":"e","userId":"u1","timestamp":"yesterday"}""", "timestamp" },
        { "analytics", "/api/v1/events", "{bad", "not well-formed JSON" },
        { "llm", "/api/v1/llm/keys", """{"name":"k"}""", "scopes" },
        { "llm", "/api/v1/llm/keys", """{"name":"k","scopes":"llm:read"}""", "scopes" },
        { "llm", "/api/v1/llm/keys", "nonsense", "not well-formed JSON" },
    };

    public static TheoryData<string, string> Endpoints => new()
    {
        { "llm", "/v1/chat/completions" },
        { "serving", "/api/v1/serving/models" },
        { "serving", "/v2/models/bad-requests/infer" },
        { "analytics", "/api/v1/events" },
        { "llm", "/api/v1/llm/keys" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task BadBody_IsRefusedByFieldAndRule(string service, string path, string body, string named)
    {
        using var client = system.Client(service);
        await EnsureModelAsync();
        using var response = await client.PostAsync(path, Samples.Json(body));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{response.StatusCode}: {text}");
        Assert.Contains(named, text, StringComparison.Ordinal);
        Assert.DoesNotContain("CogniForge.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task TenMegabytes_AreRefused(string service, string path)
    {
        using var client = system.Client(service);
        await EnsureModelAsync();
        using var content = new ByteArrayContent(new byte[TenMegabytes]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };

        // As curl does: ask before sending, and be told no.
        request.Headers.ExpectContinue = true;
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    private async Task EnsureModelAsync()
    {
        using var serving = system.Client("serving");
        using var response = await serving.PostAsync("/api/v1/serving/models", Samples.Model("bad-requests"));
        Assert.True(response.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict, response.StatusCode.ToString());
    }
}
