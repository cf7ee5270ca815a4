using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Faults;

/// <summary>A response with a repeated name cannot be translated; another target takes over.</summary>
public class DuplicateNameTests
{
    private const string Request = """
        {"model":"MODEL","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}
        """;

    public static TheoryData<string> Bodies { get; } =
        [
            """
            {"id":"1","model":"m","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},
             "finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3}}
            """,
            """
            {"id":"1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"a","content":"b"},
             "finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3}}
            """,
        ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Messages_FirstTargetRepeatsName_FallsBack(string body)
    {
        Assert.Equal((200, "backup/model-b"), await SendAsync("both", body));
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Messages_OnlyTargetRepeatsName_IsBadGateway(string body)
    {
        Assert.Equal((502, "primary/model-a"), await SendAsync("alone", body));
    }

    private static async Task<(int Status, string? Target)> SendAsync(string model, string body)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.JsonAsync(200, body);
        var send = gateway.Client.PostAsync(
            "/v1/messages",
            Request.Replace("MODEL", model, StringComparison.Ordinal)
        );
        await gateway.RunAsync(send);
        using var response = await send;
        return ((int)response.StatusCode, response.Headers.GetValues("x-cogniforge-target").Single());
    }
}
