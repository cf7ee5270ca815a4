using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>
/// A compaction stands for the beginning of a conversation, which is lost without it. Anthropic's can be read
/// (platform.claude.com/docs/en/build-with-claude/compaction), OpenAI's only by OpenAI
/// (developers.openai.com/api/docs/guides/compaction).
/// </summary>
public class CompactionTests
{
    [Theory]
    [InlineData(
        """{"type":"compaction","content":"We chose SQL."},{"type":"text","text":"Next?"}""",
        """{"role":"user","content":"Summary of the conversation so far:\n\nWe chose SQL."},A""",
        ""
    )]
    [InlineData(
        """{"type":"compaction","content":"We chose SQL."}""",
        """{"role":"user","content":"Summary of the conversation so far:\n\nWe chose SQL."}""",
        ""
    )]
    [InlineData("""{"type":"compaction","content":null},{"type":"text","text":"Next?"}""", "A", "compaction")]
    public void Messages_Compaction_IsText(string blocks, string expected, string dropped)
    {
        var result = Translate(
            Protocol.Messages,
            $$"""
            {"max_tokens":9,"messages":[{"role":"assistant","content":[{{blocks}}]},
              {"role":"user","content":"Go on"}]}
            """
        );
        var answer = """{"role":"assistant","content":"Next?"}""";
        Wire.AssertEqual(
            $$"""[{{expected.Replace("A", answer, StringComparison.Ordinal)}},{"role":"user","content":"Go on"}]""",
            result.Body["messages"]
        );
        Assert.Equal(dropped, string.Join(',', result.Dropped));
    }

    [Fact]
    public void Messages_BeforeCompaction_AreReplacedByIt()
    {
        var result = Translate(
            Protocol.Messages,
            """
            {"max_tokens":9,"system":"Be brief.","messages":[{"role":"user","content":"Old question"},
              {"role":"assistant","content":"Old answer"},{"role":"user","content":"More"},
              {"role":"assistant","content":[{"type":"compaction","content":"We chose SQL."}]},
              {"role":"user","content":"Go on"}]}
            """
        );
        Wire.AssertEqual(
            """
            [{"role":"system","content":"Be brief."},
             {"role":"user","content":"Summary of the conversation so far:\n\nWe chose SQL."},
             {"role":"user","content":"Go on"}]
            """,
            result.Body["messages"]
        );
    }

    [Theory]
    [InlineData("compaction")]
    [InlineData("compaction_summary")]
    public void Responses_Compaction_IsRefused(string type)
    {
        var error = Assert.Throws<UnsupportedByProviderException>(() =>
            Translate(
                Protocol.Responses,
                $$"""{"input":[{"type":"{{type}}","encrypted_content":"gAAAAA"},{"role":"user","content":"Go on"}]}"""
            )
        );
        Assert.Contains("input[0]", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("only OpenAI", error.ToString(), StringComparison.Ordinal);
    }

    private static TranslatedRequest Translate(Protocol client, string body) =>
        ProtocolAdapters
            .Select(client, [Protocol.ChatCompletions])!
            .Value.Translation!.Request(Wire.Node(body), ProviderKind.OpenAICompatible);
}
