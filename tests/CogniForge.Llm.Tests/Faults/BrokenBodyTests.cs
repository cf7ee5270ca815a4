using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Faults;

/// <summary>The error of an unreadable body names the fault, in the format of the path's SDKs.</summary>
public class BrokenBodyTests
{
    private const string Message =
        """
        "message":"The body must be complete and correctly chunked (Bad chunk size data)"
        """;

    [Theory]
    [InlineData("/v1/chat/completions", """{"error":{""", Message)]
    [InlineData("/v1/messages", """{"type":"error","error":{"type":"invalid_request_error",""", Message)]
    [InlineData("/api/v1/llm/keys", "", """{"":["must be complete and correctly chunked (Bad chunk size data)"]}""")]
    public async Task Post_MalformedChunk_NamesFault(string path, string start, string message)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        using var client = await RawClient.SendAsync(
            gateway.Address,
            $"POST {path}",
            "Transfer-Encoding: chunked\r\n",
            "many\r\n{}\r\n0\r\n\r\n"
        );

        var response = await client.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400 ", response, StringComparison.Ordinal);
        Assert.Contains(start, response, StringComparison.Ordinal);
        Assert.Contains(message, response, StringComparison.Ordinal);
    }
}
