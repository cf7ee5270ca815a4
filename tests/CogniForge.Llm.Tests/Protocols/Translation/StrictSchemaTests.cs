using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>
/// Anthropic refuses constraints that OpenAI's clients send: agentjido/req_llm#302 (<c>minimum</c>), and objects that
/// are not closed (ax-llm/ax#459).
/// </summary>
public class StrictSchemaTests
{
    [Theory]
    [InlineData(
        """{"type":"object","properties":{"a":{"type":"integer","minimum":1,"maximum":9}}}""",
        """
        {"type":"object","properties":{"a":{"type":"integer","description":"{minimum: 1, maximum: 9}"}},
         "additionalProperties":false}
        """,
        "minimum,maximum"
    )]
    [InlineData(
        """{"type":["object","null"],"properties":{"a":{"type":"string","description":"A.","minLength":2}}}""",
        """
        {"type":["object","null"],"properties":{"a":{"type":"string","description":"A.\n\n{minLength: 2}"}},
         "additionalProperties":false}
        """,
        "minLength"
    )]
    [InlineData(
        """{"type":"array","minItems":2,"maxItems":3,"items":{"type":"object","additionalProperties":true}}""",
        """
        {"type":"array","items":{"type":"object","description":"{additionalProperties: true}",
         "additionalProperties":false},"description":"{minItems: 2, maxItems: 3}"}
        """,
        "minItems,maxItems,additionalProperties"
    )]
    [InlineData(
        """{"type":"array","minItems":1,"items":{"type":"string","format":"uuid"}}""",
        """{"type":"array","minItems":1,"items":{"type":"string","format":"uuid"}}""",
        ""
    )]
    [InlineData(
        """{"type":"string","format":"phone","pattern":"^a"}""",
        """{"type":"string","description":"{format: \"phone\", pattern: \"^a\"}"}""",
        "format,pattern"
    )]
    [InlineData(
        """{"$schema":"x","oneOf":[{"type":"object"},{"$ref":"#/$defs/b"}],"$defs":{"b":{"type":"object"}}}""",
        """
        {"anyOf":[{"type":"object","additionalProperties":false},{"$ref":"#/$defs/b"}],
         "$defs":{"b":{"type":"object","additionalProperties":false}}}
        """,
        ""
    )]
    [InlineData(
        """{"type":"object","properties":{"minimum":{"type":"number","multipleOf":0.5}},"required":["minimum"]}""",
        """
        {"type":"object","properties":{"minimum":{"type":"number","description":"{multipleOf: 0.5}"}},
         "required":["minimum"],"additionalProperties":false}
        """,
        "multipleOf"
    )]
    public void Schema_OfStructuredOutput_FitsAnthropic(string schema, string expected, string moved)
    {
        var chat = Translate(
            Protocol.ChatCompletions,
            $$$$"""
            {"messages":[{"role":"user","content":"q"}],
             "response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{{{{schema}}}} }}}
            """
        );
        var responses = Translate(
            Protocol.Responses,
            $$$$"""{"input":"q","text":{"format":{"type":"json_schema","name":"n","schema":{{{{schema}}}} }}}"""
        );
        foreach (var result in (TranslatedRequest[])[chat, responses])
        {
            Wire.AssertEqual(expected, result.Body["output_config"]!["format"]!["schema"]);
            Assert.Equal(Names("response_format", moved), result.Dropped);
        }
    }

    [Theory]
    [InlineData(
        "true",
        """
        {"type":"object","properties":{"a":{"type":"string","description":"{maxLength: 5}"}},
         "additionalProperties":false}
        """,
        "maxLength"
    )]
    [InlineData("false", """{"type":"object","properties":{"a":{"type":"string","maxLength":5}}}""", "")]
    public void Schema_OfTool_FitsAnthropicIfStrict(string strict, string expected, string moved)
    {
        var result = Translate(
            Protocol.ChatCompletions,
            $$$"""
            {"messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"f",
              "strict":{{{strict}}},
              "parameters":{"type":"object","properties":{"a":{"type":"string","maxLength":5} } } } }]}
            """
        );
        Wire.AssertEqual(expected, result.Body["tools"]![0]!["input_schema"]);
        Assert.Equal(Names("tools", moved), result.Dropped);
    }

    private static string[] Names(string path, string moved) =>
        [.. moved.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => $"{path}.{name}")];

    private static TranslatedRequest Translate(Protocol client, string body) =>
        ProtocolAdapters.Select(client, [Protocol.Messages])!.Value.Translation!.Request(Wire.Node(body));
}
