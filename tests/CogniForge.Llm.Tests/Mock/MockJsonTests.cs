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
    [InlineData("""{"type":"array","items":{"type":"integer"},"minItems":3}""", "[0,0,0]")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"maxItems":0}""", "[]")]
    [InlineData("""{"type":"string","minLength":6}""", "\"saidsa\"")]
    [InlineData("""{"type":"string","maxLength":2}""", "\"sa\"")]
    [InlineData("""{"const":{"a":1}}""", """{"a":1}""")]
    [InlineData("""{"enum":["x","y"]}""", "\"x\"")]
    [InlineData("""{"anyOf":[{"type":"integer"},{"type":"null"}]}""", "0")]
    [InlineData(
        """{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"boolean"}}}}}""",
        """{"a":{"b":true}}"""
    )]
    [InlineData("{}", "{}")]
    [InlineData("true", "null")]
    public void CreateInstance_Schema_MatchesIt(string schema, string expected) =>
        Wire.AssertEqual(expected, MockJson.CreateInstance(Wire.Json(schema), "said"));

    [Fact]
    public void CreateInstance_ManyItemsWithoutSchema_AreBounded() =>
        Assert.Equal(
            1_000,
            MockJson
                .CreateInstance(Wire.Json("""{"type":"array","items":true,"minItems":2000000000}"""), "said")!
                .AsArray()
                .Count
        );

    /// <summary>Pydantic and .NET write types that are used more than once this way.</summary>
    [Fact]
    public void CreateInstance_References_AreResolved() =>
        Wire.AssertEqual(
            """{"home":{"city":"said"},"work":{"city":"said"}}""",
            MockJson.CreateInstance(
                Wire.Json(
                    """
                    {"type":"object","properties":{"home":{"$ref":"#/$defs/Place"},"work":{"$ref":"#/$defs/Place"}},
                      "$defs":{"Place":{"type":"object","properties":{"city":{"type":"string"}}}}}
                    """
                ),
                "said"
            )
        );

    [Theory]
    [InlineData(
        """
        {"type":"object","properties":{"a":{"$ref":"#"},"b":{"$ref":"#"},"c":{"$ref":"#"},"d":{"$ref":"#"},
          "e":{"$ref":"#"},"f":{"$ref":"#"},"g":{"$ref":"#"},"h":{"$ref":"#"}}}
        """
    )]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"$ref":"#/nowhere"}""")]
    [InlineData("""{"$ref":"https://example.org/schema"}""")]
    public void CreateInstance_RecursiveOrUnknownReferences_Ends(string schema) =>
        Assert.True((MockJson.CreateInstance(Wire.Json(schema), "said")?.ToJsonString().Length ?? 0) < 100_000);

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"response_format":{"type":"text"}}""", null)]
    [InlineData("""{"response_format":{"type":"json_object"}}""", """{"said":"Hi"}""")]
    [InlineData(
        """{"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"integer"}}}}""",
        "0"
    )]
    public void CreateContent_ResponseFormat_IsApplied(string body, string? expected) =>
        Assert.Equal(expected, MockJson.CreateContent(Wire.Json(body), "Hi"));
}
