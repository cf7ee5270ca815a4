using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>
/// Anthropic refuses constraints that OpenAI's clients send: agentjido/req_llm#302 (<c>minimum</c>), and objects that
/// are not closed (ax-llm/ax#459).
/// </summary>
public class StrictSchemaTests
{
    private const string Open = """
        {"type":"object","description":"{additionalProperties: true}","additionalProperties":false}
        """;

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
        {"anyOf":[OPEN,{"$ref":"#/$defs/b"}],"$defs":{"b":OPEN}}
        """,
        "additionalProperties"
    )]
    [InlineData(
        """{"type":"object","properties":{"a":{"type":"object"},"b":{"type":"object","properties":{}}}}""",
        """
        {"type":"object","properties":{"a":OPEN,
         "b":{"type":"object","properties":{},"additionalProperties":false}},"additionalProperties":false}
        """,
        "additionalProperties"
    )]
    // A single reference, as Pydantic's first version writes, even of the schema to itself.
    [InlineData(
        """
        {"$ref":"#/$defs/n","$defs":{"n":{"type":"object","properties":{
          "next":{"allOf":[{"$ref":"#/$defs/n"}],"description":"N."}}}}}
        """,
        """
        {"$ref":"#/$defs/n","$defs":{"n":{"type":"object","properties":{
          "next":{"description":"N.","$ref":"#/$defs/n"}},"additionalProperties":false}}}
        """,
        ""
    )]
    [InlineData(
        """
        {"allOf":[{"$ref":"#/$defs/b"},{"type":"object","properties":{"c":{"type":"number"}},"required":["c"],
          "additionalProperties":false}],
         "$defs":{"b":{"type":"object","properties":{"a":{"type":"string","minLength":1}},"required":["a"],
          "additionalProperties":false}}}
        """,
        """
        {"$defs":{"b":{"type":"object","properties":{"a":{"type":"string","description":"{minLength: 1}"}},
          "required":["a"],"additionalProperties":false}},"type":"object",
         "properties":{"a":{"type":"string","description":"{minLength: 1}"},"c":{"type":"number"}},
         "required":["a","c"],"additionalProperties":false}
        """,
        "allOf,minLength"
    )]
    [InlineData(
        """
        {"type":"object","properties":{"x":{"type":"string"}},"required":["x"],
         "allOf":[{"allOf":[{"properties":{"y":{"type":"string"}}}],"required":["y"]},
          {"properties":{"x":{"type":"number"}},"description":"D."}]}
        """,
        """
        {"type":"object","properties":{"x":{"type":"string","description":"{allOf: {\"type\":\"number\"}}"},
          "y":{"type":"string"}},"required":["x","y"],"description":"D.","additionalProperties":false}
        """,
        "allOf"
    )]
    [InlineData(
        """{"type":"object","properties":{"a":{"allOf":[{"type":"string"},{"enum":["b"]},{"maxLength":3}]}}}""",
        """
        {"type":"object","properties":{"a":{"type":"string","enum":["b"],"description":"{maxLength: 3}"}},
         "additionalProperties":false}
        """,
        "allOf,maxLength"
    )]
    // What cannot be resolved stays for Anthropic to judge.
    [InlineData(
        """{"allOf":[{"$ref":"https://a.example"},{"type":"object","properties":{"a":{"type":"string"}}}]}""",
        """
        {"allOf":[{"$ref":"https://a.example"},{"type":"object","properties":{"a":{"type":"string"}},
         "additionalProperties":false}]}
        """,
        ""
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
            Wire.AssertEqual(
                expected.Replace("OPEN", Open, StringComparison.Ordinal),
                result.Body["output_config"]!["format"]!["schema"]
            );
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

    /// <summary>Each reference copies its definition, so that few bytes could become many.</summary>
    [Fact]
    public void Schema_ManyReferences_StaysSmall()
    {
        const string Use = """
            "uN":{"allOf":[{"$ref":"#/$defs/b"},{"properties":{"q":{"type":"string"}}}]}
            """;
        const string Property = """
            "pN":{"type":"string"}
            """;
        const string Nested = """
            "nN":{"allOf":[{"$ref":"#/$defs/nM"},{"$ref":"#/$defs/nM"},
              {"properties":{"a":{"allOf":[{"$ref":"#/$defs/nM"},{"$ref":"#/$defs/n0"}]}}}]}
            """;
        var schema = $$"""
            {"type":"object","properties":{ {{Repeat(10_000, Use)}} },"$defs":{ {{Repeat(30, Nested)}},
             "n30":{"type":"object","properties":{"z":{"type":"string"} } },
             "b":{"type":"object","properties":{ {{Repeat(1_000, Property)}} } } } }
            """;

        var result = TranslateSchema(schema);

        Assert.InRange(result.ToJsonString().Length, schema.Length / 2, 3 * schema.Length);
    }

    /// <summary>What a definition refers to is merged into it, so its copies multiply.</summary>
    [Theory]
    [InlineData(5, 12)]
    [InlineData(30, 2)]
    public void Schema_ChainOfReferences_StaysSmall(int levels, int width)
    {
        var definitions = Enumerable
            .Range(1, levels)
            .Select(level =>
            {
                var use = "\"pN\":{\"allOf\":[{\"$ref\":\"#/$defs/a" + (level - 1) + "\"},{\"title\":\"x\"}]}";
                return $"\"a{level}\":{{\"properties\":{{{Repeat(width, use)}}}}}";
            });
        var first = Enumerable
            .Range(1, levels)
            .Select(i => $"\"m{i}\":{{\"allOf\":[{{\"$ref\":\"#/$defs/a{i}\"}},5]}}");
        var schema =
            $"{{\"type\":\"object\",\"$defs\":{{\"z\":{{\"properties\":{{{string.Join(',', first)}}}}},"
            + $"\"a0\":{{\"properties\":{{{Repeat(width, "\"pN\":{}")}}}}},{string.Join(',', definitions)}}}}}";

        Assert.InRange(TranslateSchema(schema).ToJsonString().Length, 0, 4 * schema.Length);
    }

    [Fact]
    public void Schema_LongTextInDefinition_StaysSmall()
    {
        const string Use = """
            "uN":{"allOf":[{"$ref":"#/$defs/a"},{"title":"x"}]}
            """;
        var text = new string('x', 20_000);
        var schema = $$"""
            {"type":"object","properties":{ {{Repeat(2_000, Use)}} },
             "$defs":{"a":{"type":"string","description":"{{text}}"} } }
            """;

        Assert.InRange(TranslateSchema(schema).ToJsonString().Length, 0, 4 * schema.Length);
    }

    [Fact]
    public void Schema_HugeExponents_AreCompared() =>
        Assert.NotNull(
            TranslateSchema("""{"type":"object","const":1e2147483648,"allOf":[{"const":2e2147483648},{"const":1}]}""")
        );

    [Fact]
    public void Schema_AllOfItself_IsLeft() =>
        Assert.NotNull(
            TranslateSchema(
                """
                {"allOf":[{"$ref":"#/$defs/a"},{"type":"object"}],
                 "$defs":{"a":{"allOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/b"}]},"b":{"$ref":"#/$defs/b"}}}
                """
            )
        );

    private static string Repeat(int count, string text) =>
        string.Join(
            ',',
            Enumerable
                .Range(0, count)
                .Select(i =>
                    text.Replace("N", $"{i}", StringComparison.Ordinal)
                        .Replace("M", $"{i + 1}", StringComparison.Ordinal)
                )
        );

    private static JsonNode TranslateSchema(string schema)
    {
        var body = $$$$"""
            {"input":"q","text":{"format":{"type":"json_schema","name":"n","schema":{{{{schema}}}} }}}
            """;
        return Translate(Protocol.Responses, body).Body["output_config"]!["format"]!["schema"]!;
    }

    private static string[] Names(string path, string moved) =>
        [.. moved.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => $"{path}.{name}")];

    private static TranslatedRequest Translate(Protocol client, string body) =>
        ProtocolAdapters.Select(client, [Protocol.Messages])!.Value.Translation!.Request(Wire.Node(body));
}
