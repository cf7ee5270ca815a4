using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>A tool's result says what is lost of it; an empty one looks to the model as if the tool failed.</summary>
public class ToolResultBlocksTests
{
    /// <summary>Claude Code's tool search returns only references (platform.claude.com, tool search).</summary>
    [Theory]
    [InlineData("""[{"type":"tool_reference","tool_name":"mcp__a"}]""", "Tool found: mcp__a", "")]
    [InlineData(
        """[{"type":"tool_reference","tool_name":"a"},{"type":"tool_reference","tool_name":"b"}]""",
        "Tool found: a\n\nTool found: b",
        ""
    )]
    [InlineData(
        """[{"type":"container_upload","file_id":"f"}]""",
        "[container_upload: not supported by this model]",
        "container_upload"
    )]
    [InlineData("""[{"type":"text","text":"a"},{"type":"video"}]""", "a", "video")]
    [InlineData("[]", "", "")]
    public void Result_WithoutEquivalent_NamesIt(string content, string expected, string dropped)
    {
        var result = Translate(
            Protocol.Messages,
            [Protocol.ChatCompletions],
            $$"""
            {"messages":[{"role":"user","content":"q"},
              {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{} }]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":{{content}} }]}]}
            """
        );
        Assert.Equal(expected, (string?)result.Body["messages"]![2]!["content"]);
        Assert.Equal(dropped, string.Join(',', result.Dropped));
    }

    private static TranslatedRequest Translate(Protocol client, Protocol[] provider, string body) =>
        ProtocolAdapters.Select(client, provider)!.Value.Translation!.Request(Wire.Node(body));
}
