using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Tests.Protocols;

public class WireJsonTests
{
    /// <summary>A budget reserves a token for each byte of the request.</summary>
    [Theory]
    [InlineData("😀😀")]
    [InlineData("\u0378\ud7ff\ue000")] // not assigned, and for private use
    [InlineData("\ud7ff😀")]
    [InlineData("é 中")]
    public void WriteText_AnyCharacter_HasItsOwnBytes(string text)
    {
        var written = WireJson.WriteText(new JsonObject { ["a"] = text });

        Assert.Equal($$"""{"a":"{{text}}"}""", written);
    }

    [Theory]
    [InlineData("\\ud83d\\ude00")]
    [InlineData("\\\\u00e9")]
    [InlineData("a\"b\u0001\n\\")]
    public void WriteText_EscapedCharacters_ReadBackAsBefore(string text)
    {
        var written = WireJson.WriteText(new JsonObject { ["a"] = $"😀{text}\u0378" });

        Assert.Equal($"😀{text}\u0378", JsonNode.Parse(Encoding.UTF8.GetBytes(written))!["a"]!.GetValue<string>());
    }
}
