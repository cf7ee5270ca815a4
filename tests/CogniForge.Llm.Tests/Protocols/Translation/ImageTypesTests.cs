using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>
/// Anthropic accepts four types of images (openclaw/openclaw#102337, #102537): a question about another one is refused,
/// so that another target may answer, and a history goes on without it.
/// </summary>
public class ImageTypesTests
{
    private const string Svg = """{"type":"image_url","image_url":{"url":"data:image/svg+xml;base64,AA=="}}""";
    private const string Heic = """{"type":"file","file":{"file_data":"data:image/heic;base64,AA=="}}""";

    [Theory]
    [InlineData(Svg, "messages[2].content[1].image_url.url")]
    [InlineData(Heic, "messages[2].content[1].file.file_data")]
    public void Image_OfQuestionAndWrongType_IsRejected(string image, string path)
    {
        var error = Assert.Throws<UnsupportedByProviderException>(() =>
            Translate(
                $$"""
                {"role":"assistant","content":"a"},{"role":"user","content":[{"type":"text","text":"What?"},{{image}}]}
                """
            )
        );
        Assert.Equal(path, error.Path);
        Assert.Contains("image/png", error.Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """
        {"role":"user","content":[{{image}}]},{"role":"assistant","content":"a"},{"role":"user","content":"b"}
        """
    )]
    [InlineData(
        """
        {"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"c","content":[{{image}}]}
        """
    )]
    public void Image_OfEarlierTurnOrTool_BecomesNote(string messages)
    {
        var (image, dropped) = Translate(messages.Replace("{{image}}", Svg, StringComparison.Ordinal));
        var (file, droppedFile) = Translate(messages.Replace("{{image}}", Heic, StringComparison.Ordinal));

        Assert.Equal(["image_url", "file"], dropped.Concat(droppedFile));
        Assert.Contains("[image: not supported by this model]", image.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("[file: not supported by this model]", file.ToJsonString(), StringComparison.Ordinal);
    }

    private static TranslatedRequest Translate(string messages) =>
        ProtocolAdapters
            .Select(Protocol.ChatCompletions, [Protocol.Messages])!
            .Value.Translation!.Request(
                Wire.Node($$"""{"messages":[{"role":"user","content":"q"},{{messages}}]}""")
            );
}
