using System.Buffers.Text;
using System.Text;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Gateway.Requests;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>The JSON in a signature counts as that of the request: three bytes of it become hundreds.</summary>
public class CarriedDetailsTests
{
    [Theory]
    [InlineData("signature", "reasoning_details:", 100_000)]
    [InlineData("encrypted_content", "reasoning\\u005fdetails:", 100_000)]
    [InlineData("signature", "reasoning_details:", 300_000)]
    public void CountTokens_JsonInSignature_IsCounted(string name, string prefix, int objects)
    {
        var json = "[" + string.Join(',', Enumerable.Repeat("{}", objects)) + "]";
        var carried = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

        var tokens = JsonMemory.CountTokens(
            Encoding.UTF8.GetBytes($$"""{"{{name}}":"{{prefix}}{{carried}}"}"""),
            RequestLimits.MaxJsonTokens
        );

        Assert.InRange(tokens, objects, 2 * RequestLimits.MaxJsonTokens);
        Assert.Equal(objects > RequestLimits.MaxArgumentTokens, tokens > RequestLimits.MaxJsonTokens);
    }

    [Theory]
    [InlineData("signature", "EqQBCkYIB")]
    [InlineData("signature", "reasoning_details:no base64!")]
    [InlineData("signature", "reasoning_details:\\ud800")]
    [InlineData("text", "reasoning_details:e30")]
    public void CountTokens_OtherSignature_IsOneText(string name, string text)
    {
        var body = $$"""{"{{name}}":"{{text}}","padding":"{{new string('x', 10_000)}}"}""";

        Assert.Equal(6, JsonMemory.CountTokens(Encoding.UTF8.GetBytes(body), RequestLimits.MaxJsonTokens));
    }
}
