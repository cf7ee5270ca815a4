using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Faults;

/// <summary>A provider that responds with an array instead of an object fails like any other broken response.</summary>
public sealed class ArrayBodyTests
{
    private const string Chat = """
        "messages":[{"role":"user","content":"Hi"}],"max_tokens":9
        """;

    public static TheoryData<string, string, string, string> Calls()
    {
        var calls = new TheoryData<string, string, string, string>();
        string[] bodies =
        [
            "[]",
            """[{"id":"1","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"}}]}]""",
            """[{"choices":[{"message":{"content":[{"type":"text"}],"tool_calls":[],"function_call":{}}}]}]""",
            """[{"data":[{"embedding":"AACAPg=="}],"output":[],"type":"message","content":[],"x":"\ud83d"}]""",
        ];
        foreach (var body in bodies)
        {
            calls.Add("/v1/chat/completions", "alone", Chat, body);
            calls.Add("/v1/chat/completions", "alone", $"{Chat},\"stream\":true", body);
            calls.Add("/v1/messages", "alone", Chat, body);
            calls.Add("/v1/messages", "alone", $"{Chat},\"stream\":true", body);
            calls.Add("/v1/messages", "claude/claude-a", Chat, body);
            calls.Add("/v1/messages", "claude/claude-a", $"{Chat},\"stream\":true", body);
            calls.Add("/v1/responses", "alone", "\"input\":\"Hi\"", body);
            calls.Add("/v1/responses", "open/gpt-a", "\"input\":\"Hi\"", body);
            calls.Add("/v1/responses", "open/gpt-a", "\"input\":\"Hi\",\"stream\":true", body);
            calls.Add("/v1/embeddings", "alone", "\"input\":\"Hi\"", body);
            calls.Add("/v1/embeddings", "alone", "\"input\":\"Hi\",\"encoding_format\":\"base64\"", body);
            calls.Add("/v1/messages/count_tokens", "claude/claude-a", Chat, body);
        }

        return calls;
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Body_Array_IsBadGateway(string path, string model, string fields, string body)
    {
        await using var gateway = await StartAsync();
        gateway.Primary.Behaviour = call => call.BodyAsync(Encoding.UTF8.GetBytes(body), "application/json");

        Assert.Equal(HttpStatusCode.BadGateway, (await SendAsync(gateway, path, model, fields)).Status);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Body_Array_LeadsToNextTarget(string stream)
    {
        await using var gateway = await StartAsync();
        gateway.Primary.Behaviour = call => call.BodyAsync("[{\"choices\":[]}]"u8.ToArray(), "application/json");

        var (status, target) = await SendAsync(
            gateway,
            "/v1/chat/completions",
            "both",
            $"{Chat},\"stream\":{stream}"
        );

        Assert.Equal((HttpStatusCode.OK, "backup/model-b"), (status, target));
    }

    private static async Task<FaultyGateway> StartAsync()
    {
        var gateway = await FaultyGateway.StartAsync();
        using var content = Requests.Json($$"""{"kind":"openAI","baseUrl":"{{gateway.Primary.BaseUrl}}"}""");
        var put = gateway.Client.PutAsync(new Uri("/api/v1/llm/providers/open", UriKind.Relative), content);
        await gateway.RunAsync(put);
        using var response = await put;
        response.EnsureSuccessStatusCode();
        return gateway;
    }

    private static async Task<(HttpStatusCode Status, string? Target)> SendAsync(
        FaultyGateway gateway,
        string path,
        string model,
        string fields
    )
    {
        var request = JsonNode.Parse($$"""{"model":"{{model}}",{{fields}}}""")!.ToJsonString();
        using var content = new StringContent(request, Encoding.UTF8, "application/json");
        var response = gateway.Client.PostAsync(path, content);
        await gateway.RunAsync(response);
        using var received = await response;
        var target = received.Headers.TryGetValues("x-cogniforge-target", out var values) ? values.Single() : null;
        return (received.StatusCode, target);
    }
}
