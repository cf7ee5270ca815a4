using System.Text;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>Choices at which OpenAI's clients fail (openai/openai-dotnet#267, #342) reach them as OpenAI's.</summary>
public class OddChoiceTests
{
    [Theory]
    // openai-node's stream(): "missing role for choice 0"
    [InlineData(
        """{"choices":[{"index":0,"delta":{"content":"a"}}]}|{"choices":[{"index":0,"delta":{"content":"b"}}]}""",
        """
        {"choices":[{"index":0,"delta":{"content":"a","role":"assistant"}}]}|
        {"choices":[{"index":0,"delta":{"content":"b"}}]}
        """
    )]
    [InlineData(
        """
        {"choices":[{"index":0,"delta":{"role":"","content":"a"}}]}|
        {"choices":[{"index":0,"delta":{"role":"","content":"b"}}]}
        """,
        """
        {"choices":[{"index":0,"delta":{"role":"assistant","content":"a"}}]}|
        {"choices":[{"index":0,"delta":{"content":"b"}}]}
        """
    )]
    // Each choice has a first delta.
    [InlineData(
        """
        {"choices":[{"index":0,"delta":{"role":"assistant"}}]}|
        {"choices":[{"index":1,"delta":{"content":"b"}}]}|
        {"choices":[{"index":1,"delta":{"content":"c"}}]}
        """,
        """
        {"choices":[{"index":0,"delta":{"role":"assistant"}}]}|
        {"choices":[{"index":1,"delta":{"content":"b","role":"assistant"}}]}|
        {"choices":[{"index":1,"delta":{"content":"c"}}]}
        """
    )]
    [InlineData(
        """
        {"choices":[{"delta":{"role":"assistant"}},{"delta":{"role":"assistant"}}]}|
        {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a"}]},"finish_reason":"STOP"}]}
        """,
        """
        {"choices":[{"delta":{"role":"assistant"},"index":0},{"delta":{"role":"assistant"},"index":1}]}|
        {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a"}]},"finish_reason":"tool_calls","index":0}]}
        """
    )]
    // Tool calls may be in an earlier chunk.
    [InlineData(
        """
        {"choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"a"}]}}]}|
        {"choices":[{"index":0,"delta":{},"finish_reason":"eos"}]}
        """,
        """
        {"choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"a"}]}}]}|
        {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}
        """
    )]
    // An empty finish reason is none.
    [InlineData(
        """
        {"choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":""}]}|
        {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":""}]}
        """,
        """
        {"choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":null}]}|
        {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}
        """
    )]
    public void Stream_OddChoice_BecomesOpenAIs(string sent, string expected) =>
        Assert.Equal(Split(expected), Repair(Split(sent)));

    /// <summary>A chunk that clients read keeps its bytes.</summary>
    [Fact]
    public void Stream_ValidChunks_KeepTheirBytes()
    {
        string[] chunks =
        [
            """{"choices":[],"prompt_filter_results":[]}""",
            """{ "choices" : [ {"index": 0, "delta": {"role":"assistant","content":""}, "finish_reason": null} ] }""",
            """{"choices":[{"index":0,"delta":{"content":"\"index\" \u00fc \/"},"x":1.50}],"usage":null}""",
            """{"choices":[{"index":0,"delta":{"role":null,"content":"a"},"finish_reason":null}]}""",
            """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"a"}]}}]}""",
            """{"choices":[{"index":0,"delta":{},"finish_reason":"function_call"}]}""",
            """{"choices":null,"usage":{}}""",
            """{"error":{"message":"m"}}""",
            """[{"error":{"message":"m"}}]""",
            """{"choices":[{"index":0,"delta":{"content":"cut""",
            "[DONE]",
        ];
        Assert.Equal(chunks, Repair(chunks));
    }

    /// <summary>The gateway keeps a limited number of choices of a stream that names ever new ones.</summary>
    [Fact]
    public void Stream_ManyChoices_AreRepairedWithoutBeingKept()
    {
        var chunks = Enumerable.Range(0, 1_002).Select(i => $$$"""{"choices":[{"index":{{{i}}},"delta":{}}]}""");

        var repaired = Repair([.. chunks, .. chunks]);

        Assert.All(repaired[..1_002], c => Assert.Contains("assistant", c, StringComparison.Ordinal));
        Assert.All(repaired[1_002..2_002], c => Assert.DoesNotContain("assistant", c, StringComparison.Ordinal));
        Assert.All(repaired[2_002..], c => Assert.Contains("assistant", c, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("eos", "stop")]
    [InlineData("STOP", "stop")]
    [InlineData("end_turn", "stop")]
    [InlineData("model_length", "length")]
    [InlineData("MAX_TOKENS", "length")]
    [InlineData("SAFETY", "content_filter")]
    [InlineData("something_new", "stop")]
    [InlineData("tool_calls", "tool_calls")]
    public async Task Chat_FinishReason_IsOneOfOpenAIs(string reason, string expected)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            if (!call.IsStream)
            {
                await call.JsonAsync(
                    200,
                    """{"id":"1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"""
                        + $$"""
                        "finish_reason":"{{reason}}"}],"usage":{"prompt_tokens":7,"completion_tokens":3} }
                        """
                );
                return;
            }

            await call.BeginAsync();
            await call.ChunkAsync("Hello");
            await call.FinishAsync(reason);
            await call.DoneAsync();
        };
        foreach (var stream in new[] { "true", "false" })
        {
            using var response = await gateway.Client.PostAsync(
                "/v1/chat/completions",
                """{"model":"alone","messages":[{"role":"user","content":"Hi"}],"stream":""" + stream + "}"
            );
            Assert.Contains(
                $"\"finish_reason\":\"{expected}\"",
                await response.Content.ReadAsStringAsync(),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void RepairWhole_EmptyRoleAndIndex_AreCompleted() =>
        Assert.Equal(
            """{"choices":[{"message":{"role":"assistant","content":"a"},"finish_reason":"stop","index":0}]}""",
            Encoding.UTF8.GetString(
                ChoiceRepair
                    .RepairWhole(
                        """{"choices":[{"message":{"role":"","content":"a"},"finish_reason":"stop"}]}"""u8.ToArray()
                    )
                    .Span
            )
        );

    private static string[] Split(string chunks) => chunks.ReplaceLineEndings("").Split('|');

    private static string[] Repair(string[] chunks)
    {
        var repair = ChoiceRepair.ForStream();
        return [.. chunks.Select(c => repair.Repair(new SseEvent(null, Encoding.UTF8.GetBytes(c))).ToString())];
    }
}
