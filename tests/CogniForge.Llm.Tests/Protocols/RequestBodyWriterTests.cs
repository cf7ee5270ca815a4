using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Tests.Protocols;

public class RequestBodyWriterTests
{
    [Theory]
    [InlineData("ChatCompletions", "OpenAI", "max_completion_tokens")]
    [InlineData("ChatCompletions", "OpenRouter", "max_completion_tokens")]
    [InlineData("ChatCompletions", "OpenAICompatible", "max_tokens")]
    [InlineData("Messages", "Anthropic", "max_tokens")]
    [InlineData("Responses", "OpenAI", "max_output_tokens")]
    public void Write_Limit_UsesProvidersName(string protocol, string kind, string name) =>
        Assert.Equal(
            $$"""{"model":"m","a":1,"{{name}}":50}""",
            Write("""{"model":"x","a":1}""", protocol, kind, maxOutputTokens: 50)
        );

    [Theory]
    [InlineData("""{"model":"x","max_tokens":99}""", """{"model":"m","max_tokens":50}""")]
    [InlineData("""{"max_completion_tokens":99,"model":"x"}""", """{"model":"m","max_completion_tokens":50}""")]
    [InlineData("""{"max_tokens":9,"max_completion_tokens":99}""", """{"model":"m","max_completion_tokens":50}""")]
    [InlineData("""{"max_tok\u0065ns":99}""", """{"model":"m","max_tokens":50}""")]
    public void Write_Limit_ReplacesClientsLimit(string body, string expected) =>
        Assert.Equal(expected, Write(body, maxOutputTokens: 50));

    [Theory]
    [InlineData("max_completion_tokens", """{"max_tokens":9}""", """{"model":"m","max_completion_tokens":9}""")]
    [InlineData(
        "max_completion_tokens",
        """{"max_completion_tokens":9}""",
        """{"model":"m","max_completion_tokens":9}"""
    )]
    [InlineData(
        "max_completion_tokens",
        """{"max_tokens":5,"max_completion_tokens":9}""",
        """{"model":"m","max_completion_tokens":9}"""
    )]
    [InlineData("max_completion_tokens", """{"max_tokens":null}""", """{"model":"m","max_tokens":null}""")]
    [InlineData("max_tokens", """{"max_completion_tokens":9}""", """{"model":"m","max_tokens":9}""")]
    [InlineData("max_tokens", """{"max_tokens":9}""", """{"model":"m","max_tokens":9}""")]
    [InlineData(null, """{"max_tokens":9}""", """{"model":"m","max_tokens":9}""")]
    public void Write_OnlyLimitOfQuirks_ReplacesClientsName(string? only, string body, string expected) =>
        Assert.Equal(expected, Write(body, outputLimit: only));

    [Fact]
    public void Write_Embeddings_HasNoLimit() =>
        Assert.Equal("""{"model":"m","input":"a"}""", Write("""{"input":"a"}""", "Embeddings", maxOutputTokens: 50));

    [Fact]
    public void Write_OtherMembers_AreCopiedByteByByte() =>
        Assert.Equal(
            """{"model":"m","n":1.50,"s":"\u00fc\/ü","o":{ "b" : [1e2, null] },"\ud800":0}""",
            Write("""{"n":1.50, "model":"x" ,"s":"\u00fc\/ü",  "o":{ "b" : [1e2, null] },"\ud800":0}""")
        );

    [Theory]
    [InlineData("""{"mod\u0065l":"x","MODEL":"kept"}""", """{"model":"m","MODEL":"kept"}""")]
    [InlineData("""{"model":"x","model":"y"}""", """{"model":"m"}""")]
    public void Write_Model_OccursOnce(string body, string expected) => Assert.Equal(expected, Write(body));

    [Theory]
    [InlineData("""{}""", """{"model":"m","stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream_options":null}""", """{"model":"m","stream_options":{"include_usage":true}}""")]
    [InlineData(
        """{"stream_options":{"include_usage":false,"include_obfuscation":false}}""",
        """{"model":"m","stream_options":{"include_usage":true,"include_obfuscation":false}}"""
    )]
    public void Write_ChatStream_RequestsUsage(string body, string expected)
    {
        Assert.Equal(expected, Write(body, stream: true));
        Assert.DoesNotContain("include_usage\":true", Write(body), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Defaults_ApplyToMissingFields()
    {
        var defaults = new JsonObject
        {
            ["temperature"] = 0.2,
            ["top_p"] = 0.9,
            ["ü \"x\""] = "ü",
        };
        Assert.Equal(
            """{"model":"m","temperature":1,"top_p":0.9,"\u00FC \u0022x\u0022":"ü"}""",
            Write("""{"temperature":1}""", defaults: defaults)
        );
    }

    [Fact]
    public void Write_ModelName_IsEscaped() =>
        Assert.Equal("a\"b\\ü", Wire.Node(Write("{}", model: "a\"b\\ü"))["model"]!.ToString());

    private static string Write(
        string body,
        string protocol = "ChatCompletions",
        string kind = "OpenAI",
        bool stream = false,
        int? maxOutputTokens = null,
        JsonObject? defaults = null,
        string model = "m",
        string? outputLimit = null
    ) =>
        Encoding.UTF8.GetString(
            RequestBodyWriter
                .Write(
                    Wire.Json(body),
                    Enum.Parse<Protocol>(protocol),
                    new(CreateProvider(Enum.Parse<ProviderKind>(kind), outputLimit), model, 0, 1),
                    new("r", []) { Defaults = defaults },
                    stream,
                    maxOutputTokens
                )
                .Span
        );

    private static Provider CreateProvider(ProviderKind kind, string? outputLimit)
    {
        var profile = ProviderProfiles.For(kind);
        var quirks = profile.Quirks.With(new(outputLimit));
        return new("p", profile with { Quirks = quirks });
    }
}
