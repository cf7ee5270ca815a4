using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>Each part of a message is converted, or dropped and named.</summary>
public class ContentPartsTests
{
    private const string Csv = "data:text/csv;base64,YSxiCjEsMgo=";

    /// <summary>
    /// Media types at Anthropic (NousResearch/hermes-agent#55432, openclaw/openclaw#102337,
    /// langchain-ai/langchain#37576).
    /// </summary>
    [Theory]
    [InlineData(
        """{"type":"image_url","image_url":{"url":"data:image/jpg;base64,AA=="}}""",
        """{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"AA=="}}""",
        ""
    )]
    [InlineData(
        """{"type":"image_url","image_url":{"url":"data:image/PNG;base64,AA==","detail":"high"}}""",
        """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}""",
        "image_url.detail"
    )]
    [InlineData(
        """{"type":"file","file":{"filename":"a.csv","file_data":"CSV"}}""",
        """
        {"type":"document","title":"a.csv","source":{"type":"text","media_type":"text/plain","data":"a,b\n1,2\n"}}
        """,
        ""
    )]
    [InlineData(
        """{"type":"file","file":{"filename":"a.png","file_data":"data:image/png;base64,AA=="}}""",
        """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}""",
        ""
    )]
    [InlineData("""{"type":"file","file":{"file_data":"data:application/zip;base64,AA=="}}""", null, "file")]
    [InlineData("""{"type":"file","file":{"file_data":"data:text/plain;base64,/w=="}}""", null, "file")]
    [InlineData("""{"type":"file","file":{"file_id":"file-1"}}""", null, "file.file_id")]
    [InlineData(
        """{"type":"file","file":{"filename":"a.pdf","file_url":"https://x/a.pdf"}}""",
        """{"type":"document","title":"a.pdf","source":{"type":"url","url":"https://x/a.pdf"}}""",
        ""
    )]
    public void Part_OfChat_IsConvertedOrNamed(string part, string? expected, string dropped)
    {
        part = part.Replace("CSV", Csv, StringComparison.Ordinal);
        var result = Translate(
            Protocol.ChatCompletions,
            ProviderKind.Anthropic,
            $$"""{"messages":[{"role":"user","content":[{"type":"text","text":"q"},{{part}}]}]}"""
        );
        var content = result.Body["messages"]![0]!["content"]!.AsArray();
        Assert.Equal(2, content.Count);
        Wire.AssertEqual(expected ?? """{"type":"text","text":"[file: not supported by this model]"}""", content[1]);
        Assert.Equal(dropped, string.Join(',', result.Dropped));
    }

    /// <summary>Anthropic fetches documents by URL; chat completions do not.</summary>
    [Fact]
    public void Part_FileUrlOfResponses_BecomesDocument()
    {
        const string Request = """
            {"input":[{"role":"user","content":[{"type":"input_text","text":"q"},
             {"type":"input_file","filename":"a.pdf","file_url":"https://x/a.pdf"}]}]}
            """;

        var content = Translate(Protocol.Responses, ProviderKind.Anthropic, Request).Body["messages"]![0]!["content"]!;
        Wire.AssertEqual(
            """{"type":"document","title":"a.pdf","source":{"type":"url","url":"https://x/a.pdf"}}""",
            content[1]
        );

        var error = Assert.Throws<UnsupportedByProviderException>(() =>
            Translate(Protocol.Responses, ProviderKind.OpenAICompatible, Request)
        );
        Assert.Equal("input[0].content[1].file_url", error.Path);
    }

    [Theory]
    [InlineData("""{"type":"document","source":{"type":"url","url":"https://x/a.pdf"}}""", "source.type")]
    [InlineData("""{"type":"document","source":{"type":"file","file_id":"f"}}""", "source.type")]
    [InlineData("""{"type":"image","source":{"type":"file","file_id":"f"}}""", "source.type")]
    public void Block_FileElsewhere_IsNamed(string block, string part) =>
        Assert.Equal(
            $"messages[0].content[0].{part}",
            Assert
                .Throws<UnsupportedByProviderException>(() =>
                    Translate(
                        Protocol.Messages,
                        ProviderKind.OpenAI,
                        $$"""{"messages":[{"role":"user","content":[{{block}}]}]}"""
                    )
                )
                .Path
        );

    /// <summary>Anthropic's blocks at other providers.</summary>
    [Theory]
    [InlineData(
        """{"type":"document","source":{"type":"content","content":[{"type":"text","text":"a"}]}}""",
        """{"type":"text","text":"a"}""",
        ""
    )]
    [InlineData(
        """
        {"type":"document","context":"c","citations":{"enabled":true},
         "source":{"type":"text","media_type":"text/plain","data":"a"}}
        """,
        """{"type":"text","text":"a"}""",
        "document.citations,document.context"
    )]
    [InlineData(
        """{"type":"text","text":"a","citations":[{"type":"char_location"}]}""",
        """{"type":"text","text":"a"}""",
        "citations"
    )]
    [InlineData("""{"type":"container_upload","file_id":"f"}""", null, "container_upload")]
    public void Block_OfMessages_IsConvertedOrNamed(string block, string? expected, string dropped)
    {
        const string Image = """{"type":"image","source":{"type":"url","url":"https://x/y.png"}}""";
        var result = Translate(
            Protocol.Messages,
            ProviderKind.OpenAI,
            $$"""{"messages":[{"role":"user","content":[{{Image}},{{block}}]}]}"""
        );
        var content = result.Body["messages"]![0]!["content"]!.AsArray();
        Assert.Equal(expected is null ? 1 : 2, content.Count);
        if (expected is not null)
        {
            Wire.AssertEqual(expected, content[1]);
        }

        Assert.Equal(dropped, string.Join(',', result.Dropped));
    }

    /// <summary>Anthropic takes images within a tool's result; elsewhere they follow in the user's turn.</summary>
    [Theory]
    [InlineData(nameof(ProviderKind.Anthropic))]
    [InlineData(nameof(ProviderKind.OpenAICompatible))]
    public void ToolResult_WithImage_ReachesModel(string kind)
    {
        var result = Translate(
            Protocol.Responses,
            Enum.Parse<ProviderKind>(kind),
            """
            {"input":[{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},
              {"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"see"},
              {"type":"input_image","image_url":"data:image/png;base64,AA=="}]}]}
            """
        );
        var messages = result.Body["messages"]!.AsArray();
        if (kind == nameof(ProviderKind.Anthropic))
        {
            Wire.AssertEqual(
                """
                [{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"see"},
                  {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}]}]
                """,
                messages[1]!["content"]
            );
        }
        else
        {
            Wire.AssertEqual(
                """
                {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}
                """,
                messages[2]
            );
        }

        Assert.Empty(result.Dropped);
    }

    /// <summary>Only its own provider takes the reasoning or the audio of an earlier response.</summary>
    [Theory]
    [InlineData("""{"role":"assistant","content":"a","reasoning_content":"hm"}""", "reasoning_content")]
    [InlineData("""{"role":"assistant","content":"a","audio":{"id":"audio_1"}}""", "messages.audio")]
    [InlineData("""{"role":"assistant","content":"a","reasoning_content":null,"audio":null}""", "")]
    public void Message_OfChat_NamesWhatIsLost(string message, string dropped) =>
        Assert.Equal(
            dropped,
            string.Join(
                ',',
                Translate(
                    Protocol.ChatCompletions,
                    ProviderKind.Anthropic,
                    $$"""{"messages":[{{message}},{"role":"user","content":"q"}]}"""
                ).Dropped
            )
        );

    /// <summary>Anthropic takes only reasoning that it signed; OpenAI's is a Fernet token.</summary>
    [Fact]
    public void Reasoning_EncryptedByOpenAI_IsNamed()
    {
        var result = Translate(
            Protocol.Responses,
            ProviderKind.Anthropic,
            """
            {"input":[{"type":"reasoning","summary":[{"type":"summary_text","text":"s"}],
              "encrypted_content":"gAAAAABpKx"},{"role":"assistant","content":"a"},{"role":"user","content":"q"}]}
            """
        );

        Assert.Equal(["reasoning"], result.Dropped);
        Assert.DoesNotContain("gAAAAA", result.Body.ToJsonString(), StringComparison.Ordinal);
    }

    private static TranslatedRequest Translate(Protocol client, ProviderKind kind, string body) =>
        ProtocolAdapters
            .Select(client, kind == ProviderKind.Anthropic ? [Protocol.Messages] : [Protocol.ChatCompletions])!
            .Value.Translation!.Request(Wire.Node(body), kind);
}
