using System.Text;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Protocols;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>Each SDK reads a provider stream that arrives byte by byte and uses every feature of the format.</summary>
public class SlowStreamTests(SdkGateway gateway) : IClassFixture<SdkGateway>
{
    private static readonly ChatResponse _response = new("Grüße 👋 你好 \"quoted\"\nand on", FinishReason.Calls)
    {
        Calls = [new("call_1", "f", """{"city":"São Paulo 🌧"}""")],
    };

    [Theory]
    [InlineData(Api.OpenAI, Api.OpenAI)]
    [InlineData(Api.OpenAI, Api.Anthropic)]
    [InlineData(Api.Anthropic, Api.OpenAI)]
    [InlineData(Api.Anthropic, Api.Anthropic)]
    public async Task Stream_ByteByByte_IsReceivedWhole(Api client, Api provider)
    {
        gateway.Provider(provider).Behaviour = async call =>
        {
            foreach (var one in Encoding.UTF8.GetBytes(Text(provider, call)))
            {
                await call.WriteAsync([one]);
            }
        };
        var received = await gateway
            .Sdk(client)
            .SendAsync(
                gateway.Model(provider),
                ChatRequest.Create("Hi") with
                {
                    Tools = [new("f", "F", "{}")],
                },
                stream: true
            );
        Assert.Equal(
            (_response.Text, _response.FinishReason, _response.Tokens),
            (received.Text, received.FinishReason, received.Tokens)
        );
        Wire.AssertEqual(_response.Calls[0].Arguments, Wire.Node(Assert.Single(received.Calls).Arguments));
    }

    /// <summary>
    /// The stream with unescaped letters, comments between events, two data lines per event, and CRLF.
    /// </summary>
    private static string Text(Api provider, FakeCall call)
    {
        var text = new StringBuilder();
        foreach (
            var item in provider == Api.OpenAI
                ? OpenAiWire.Chunks(call, _response)
                : AnthropicWire.Events(call, _response)
        )
        {
            var data = item.ToJsonString(WireJson.Options);
            var middle = data.IndexOf(',', StringComparison.Ordinal) + 1;
            text.Append(provider == Api.Anthropic ? $"event: {item["type"]}\r\n" : "")
                .Append($": still here\r\ndata: {data[..middle]}\r\ndata: {data[middle..]}\r\n\r\n");
        }

        return text.Append(provider == Api.OpenAI ? "data: [DONE]\r\n\r\n" : "").ToString();
    }
}
