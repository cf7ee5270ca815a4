using System.Text.Json;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Tests.Protocols;

/// <summary>Names of invalid Unicode, which .NET detects only when it compares them.</summary>
public class InvalidUnicodeTests
{
    [Theory]
    [InlineData("ChatCompletions")]
    [InlineData("Responses")]
    [InlineData("Messages")]
    [InlineData("Embeddings")]
    public void Read_InvalidName_ThrowsJsonException(string protocol) =>
        Assert.Throws<JsonException>(() =>
            ProtocolAdapters.For(Enum.Parse<Protocol>(protocol)).Read(Wire.Json("""{"u\ud800":1}"""))
        );

    [Theory]
    [InlineData("ChatCompletions")]
    [InlineData("Responses")]
    [InlineData("Messages")]
    public void ReadStream_InvalidName_ThrowsJsonException(string protocol) =>
        Assert.Throws<JsonException>(() =>
            ProtocolAdapters.For(Enum.Parse<Protocol>(protocol)).CreateStreamReader().Read("""{"e\ud800":1}""")
        );
}
