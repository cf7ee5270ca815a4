using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Telemetry;

namespace CogniForge.Llm.Tests.Telemetry;

/// <summary>Requests and responses of every protocol in the format of OpenTelemetry's conventions.</summary>
public class GenAiMessagesTests
{
    [Fact]
    public void Chat_ToolsAndFiles_BecomeMessages()
    {
        const string Request = """
            {"messages":[
              {"role":"system","content":"Be brief."},
              {"role":"user","content":[
                {"type":"text","text":"Look"},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,c2VjcmV0"}},
                {"type":"file","file":{"file_data":"c2VjcmV0"}},
                {"type":"input_audio","input_audio":{"data":"c2VjcmV0"}}]},
              {"role":"assistant","content":null,"tool_calls":[
                {"id":"call_1","type":"function",
                 "function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}}]},
              {"role":"tool","tool_call_id":"call_1","content":"sunny"}]}
            """;
        const string Response = """
            {"choices":[
              {"index":0,"message":{"role":"assistant","reasoning_content":"Hm","content":"Sun"},
               "finish_reason":"stop"},
              {"index":1,"message":{"role":"assistant","content":null,"tool_calls":[
                {"id":"call_2","type":"function","function":{"name":"weather","arguments":"no JSON"}}]},
               "finish_reason":"tool_calls"}]}
            """;

        AssertMessages(
            Protocol.ChatCompletions,
            Request,
            null,
            """
            [{"role":"system","parts":[{"type":"text","content":"Be brief."}]},
             {"role":"user","parts":[
               {"type":"text","content":"Look"},{"type":"image"},{"type":"file"},{"type":"audio"}]},
             {"role":"assistant","parts":[
               {"type":"tool_call","id":"call_1","name":"weather","arguments":{"city":"Rome"}}]},
             {"role":"tool","parts":[{"type":"tool_call_response","id":"call_1","response":"sunny"}]}]
            """,
            Response,
            """
            [{"role":"assistant","parts":[{"type":"reasoning","content":"Hm"},{"type":"text","content":"Sun"}],
              "finish_reason":"stop"},
             {"role":"assistant","parts":[
               {"type":"tool_call","id":"call_2","name":"weather","arguments":"no JSON"}],
              "finish_reason":"tool_call"}]
            """
        );
    }

    [Fact]
    public void Messages_ToolsAndFiles_BecomeMessages() =>
        AssertMessages(
            Protocol.Messages,
            """
            {"system":[{"type":"text","text":"Be brief."}],"messages":[
              {"role":"user","content":[
                {"type":"image","source":{"type":"base64","data":"c2VjcmV0"}},
                {"type":"document","source":{"data":"c2VjcmV0"}},
                {"type":"text","text":"Look"}]},
              {"role":"assistant","content":[
                {"type":"thinking","thinking":"Hm","signature":"s"},
                {"type":"tool_use","id":"t1","name":"weather","input":{"city":"Rome"}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[
                {"type":"text","text":"sunny"},{"type":"image","source":{"data":"c2VjcmV0"}}]}]}]}
            """,
            """[{"type":"text","content":"Be brief."}]""",
            """
            [{"role":"user","parts":[{"type":"image"},{"type":"file"},{"type":"text","content":"Look"}]},
             {"role":"assistant","parts":[
               {"type":"reasoning","content":"Hm"},
               {"type":"tool_call","id":"t1","name":"weather","arguments":{"city":"Rome"}}]},
             {"role":"user","parts":[{"type":"tool_call_response","id":"t1","response":"sunny[image]"}]}]
            """,
            """{"content":[{"type":"text","text":"Sun"}],"stop_reason":"max_tokens"}""",
            """[{"role":"assistant","parts":[{"type":"text","content":"Sun"}],"finish_reason":"length"}]"""
        );

    [Fact]
    public void Responses_ToolsAndFiles_BecomeMessages() =>
        AssertMessages(
            Protocol.Responses,
            """
            {"instructions":"Be brief.","input":[
              {"role":"user","content":[
                {"type":"input_text","text":"Look"},
                {"type":"input_image","image_url":"https://example.org/?sig=c2VjcmV0"},
                {"type":"input_file","file_data":"c2VjcmV0"}]},
              {"type":"function_call","call_id":"c1","name":"weather","arguments":"{\"city\":\"Rome\"}"},
              {"type":"function_call_output","call_id":"c1","output":"sunny"}]}
            """,
            """[{"type":"text","content":"Be brief."}]""",
            """
            [{"role":"user","parts":[{"type":"text","content":"Look"},{"type":"image"},{"type":"file"}]},
             {"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"weather","arguments":{"city":"Rome"}}]},
             {"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"sunny"}]}]
            """,
            """
            {"status":"completed","output":[
              {"type":"reasoning","summary":[{"type":"summary_text","text":"Hm"}]},
              {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Sun"}]},
              {"type":"function_call","call_id":"c2","name":"weather","arguments":"{}"}]}
            """,
            """
            [{"role":"assistant","parts":[
               {"type":"reasoning","content":"Hm"},
               {"type":"text","content":"Sun"},
               {"type":"tool_call","id":"c2","name":"weather","arguments":{}}],
              "finish_reason":"tool_call"}]
            """
        );

    [Fact]
    public void Responses_TextInput_IsUserMessage() =>
        Assert.Equal(
            """[{"role":"user","parts":[{"type":"text","content":"Hé"}]}]""",
            GenAiMessages.Input(Protocol.Responses, Json("""{"input":"Hé"}"""))
        );

    [Fact]
    public void Embeddings_Any_HaveNoMessages()
    {
        Assert.Null(GenAiMessages.Input(Protocol.Embeddings, Json("""{"input":["a"]}""")));
        Assert.Null(GenAiMessages.Output(Protocol.Embeddings, Json("""{"data":[]}""")));
    }

    [Fact]
    public void Input_LongConversation_KeepsLatestMessages()
    {
        var messages = Enumerable
            .Range(0, 1_000)
            .Select(i => new { role = "user", content = $"{i} {new string('x', 500)}" });
        var input = Json(
            GenAiMessages.Input(Protocol.ChatCompletions, JsonSerializer.SerializeToElement(new { messages }))!
        );

        Assert.InRange(
            input.GetRawText().Length,
            TextBudget.MaxCharacters - 10_000,
            TextBudget.MaxCharacters + 10_000
        );
        Assert.StartsWith("999 x", Content(input[input.GetArrayLength() - 1]), StringComparison.Ordinal);
        Assert.EndsWith("… [cut]", Content(input[0]), StringComparison.Ordinal);
        Assert.DoesNotContain("[cut]", Content(input[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void Input_ManyImages_IsTruncated()
    {
        var content = Enumerable.Repeat(new { type = "image_url" }, 100_000);
        var input = GenAiMessages.Input(
            Protocol.ChatCompletions,
            JsonSerializer.SerializeToElement(new { messages = new[] { new { role = "user", content } } })
        )!;
        Assert.InRange(input.Length, 1, TextBudget.MaxCharacters);
        Assert.Contains("[cut]", input, StringComparison.Ordinal);
    }

    private static void AssertMessages(
        Protocol protocol,
        string request,
        string? instructions,
        string input,
        string response,
        string output
    )
    {
        AssertJson(instructions, GenAiMessages.Instructions(protocol, Json(request)));
        AssertJson(input, GenAiMessages.Input(protocol, Json(request)));
        AssertJson(output, GenAiMessages.Output(protocol, Json(response)));
    }

    private static void AssertJson(string? expected, string? actual) =>
        Assert.Equal(expected is null ? null : Compact(expected), actual);

    private static string Compact(string json) => JsonSerializer.Serialize(Json(json), WireJson.Options);

    private static string Content(JsonElement message) =>
        message.GetProperty("parts")[0].GetProperty("content").GetString()!;

    private static JsonElement Json(string json) => JsonElement.Parse(json);
}
