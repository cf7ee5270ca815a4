using CogniForge.Llm.Providers.Mock;
using CogniForge.Llm.Tests.Protocols;

namespace CogniForge.Llm.Tests.Mock;

public class MockJsonTests
{
    [Theory]
    [InlineData("""{"type":"string"}""", "\"said\"")]
    [InlineData("""{"type":"integer"}""", "0")]
    [InlineData("""{"type":"number","minimum":2.5}""", "2.5")]
    [InlineData("""{"type":"boolean"}""", "true")]
    [InlineData("""{"type":"null"}""", "null")]
    [InlineData("""{"type":["string","null"]}""", "\"said\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "[\"said\"]")]
    [InlineData("""{"type":"array"}""", "[]")]
    [InlineData("""{"const":{"a":1}}""", """{"a":1}""")]
    [InlineData("""{"enum":["x","y"]}""", "\"x\"")]
    [InlineData("""{"anyOf":[{"type":"integer"},{"type":"null"}]}""", "0")]
    [InlineData(
        """{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"boolean"}}}}}""",
        """{"a":{"b":true}}"""
    )]
    [InlineData("{}", "{}")]
    [InlineData("true", "null")]
    public void Instance_OfASchema_FitsIt(string schema, string expected) =>
        Wire.AssertEqual(expected, MockJson.Instance(Wire.Json(schema), "said"));

    /// <summary>As Pydantic and .NET write types that are used more than once.</summary>
    [Fact]
    public void Instance_References_AreFollowed() =>
        Wire.AssertEqual(
            """{"home":{"city":"said"},"work":{"city":"said"}}""",
            MockJson.Instance(
                Wire.Json(
                    """{"type":"object","properties":{"home":{"$ref":"#/$defs/Place"},"work":{"$ref":"#/$defs/Place"}},"$defs":{"Place":{"type":"object","properties":{"city":{"type":"string"}}}}}"""
                ),
                "said"
            )
        );

    [Theory]
    [InlineData(
        """{"type":"object","properties":{"a":{"$ref":"#"},"b":{"$ref":"#"},"c":{"$ref":"#"},"d":{"$ref":"#"},"e":{"$ref":"#"},"f":{"$ref":"#"},"g":{"$ref":"#"},"h":{"$ref":"#"}}}"""
    )]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"$ref":"#/nowhere"}""")]
    [InlineData("""{"$ref":"https://example.org/schema"}""")]
    public void Instance_EndlessOrLostReferences_End(string schema) =>
        Assert.True((MockJson.Instance(Wire.Json(schema), "said")?.ToJsonString().Length ?? 0) < 100_000);

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"response_format":{"type":"text"}}""", null)]
    [InlineData("""{"response_format":{"type":"json_object"}}""", """{"said":"Hi"}""")]
    [InlineData(
        """{"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"integer"}}}}""",
        "0"
    )]
    public void Answer_Format_IsThatOfTheRequest(string body, string? expected) =>
        Assert.Equal(expected, MockJson.Answer(Wire.Json(body), "Hi"));
}
