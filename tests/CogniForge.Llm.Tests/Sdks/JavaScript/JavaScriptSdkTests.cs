using CogniForge.Llm.Tests.Agents;
using CogniForge.Llm.Tests.PassThrough;
using Microsoft.AspNetCore.Http;

namespace CogniForge.Llm.Tests.Sdks.JavaScript;

/// <summary>The SDKs for JavaScript call what is passed through: forms, files, streams, batches.</summary>
public sealed class JavaScriptSdkTests(PassThroughGateway gateway) : IClassFixture<PassThroughGateway>
{
    // One response for all: each call reads its own members.
    private const string Json = """
        {"id":"ID","object":"thing","status":"completed","model":"m","text":"Hello","output":[],
         "data":[{"b64_json":"QQ=="}],"results":[{"flagged":false}],"choices":[{"index":0,"text":"Hello"}]}
        """;

    [AgentProgramTheory]
    [InlineData("pass-through.cjs")]
    public async Task PassThrough_EachCallOfSdks_Succeeds(string script)
    {
        gateway.OpenAi.Respond = gateway.Anthropic.Respond = RespondAsync;
        var folder = Path.Combine(Repository.Root, "tests/CogniForge.Llm.Tests/Sdks/JavaScript");
        var (exitCode, output) = await AgentProgram.RunAsync(
            "node",
            folder,
            [script],
            new()
            {
                ["NODE_NO_WARNINGS"] = "1",
                ["GATEWAY"] = gateway.Address.ToString().TrimEnd('/'),
                ["NODE_PATH"] = Path.Combine(AgentProgram.Folder!, "node_modules"),
            }
        );

        Assert.True(exitCode == 0, output);
        Assert.Equal(
            """
            completion: Hello
            image: QQ==
            image stream: image_generation.completed
            image edit: QQ==
            moderation: false
            speech: audio
            transcription: Hello
            transcription stream: transcript.text.done
            translation: Hello
            file: file-1
            file content: line
            batch: batch_1
            batches: batch_1
            batch cancelled: batch_1
            file deleted: file-1
            response: resp_1
            response deleted: resp_1
            message batch: msgbatch_1
            message results: a
            message file: file_2

            """,
            output,
            ignoreLineEndingDifferences: true
        );
    }

    private static Task RespondAsync(RecordedCall call, HttpResponse response)
    {
        var path = call.Path.Split('?')[0];
        var isStream = call.Text.Contains("\"stream\":true", StringComparison.Ordinal)
            || call.Text.Contains("name=\"stream\"", StringComparison.Ordinal);
        switch (path)
        {
            case "/v1/audio/speech":
                response.ContentType = "audio/mpeg";
                return response.WriteAsync("audio");
            case "/v1/images/generations" or "/v1/audio/transcriptions" when isStream:
                response.ContentType = "text/event-stream";
                var type = path.Contains("images", StringComparison.Ordinal)
                    ? "image_generation.completed"
                    : "transcript.text.done";
                return response.WriteAsync($"event: {type}\ndata: {{\"type\":\"{type}\"}}\n\n");
            case "/v1/messages/batches/msgbatch_1/results":
                response.ContentType = "application/x-jsonl";
                return response.WriteAsync("""{"custom_id":"a","result":{"type":"canceled"}}""" + "\n");
            case var _ when path.EndsWith("/content", StringComparison.Ordinal):
                return response.WriteAsync("line");
            case "/v1/batches" when call.Method == "GET":
                return RecordingProvider.JsonAsync(response, """{"object":"list","data":[{"id":"batch_1"}]}""");
            case var _ when path.StartsWith("/v1/messages/batches", StringComparison.Ordinal):
                return RecordingProvider.JsonAsync(
                    response,
                    """
                    {"id":"msgbatch_1","type":"message_batch","processing_status":"ended",
                     "results_url":"https://api.anthropic.com/v1/messages/batches/msgbatch_1/results"}
                    """
                );
            default:
                var id =
                    path.StartsWith("/v1/batches", StringComparison.Ordinal) ? "batch_1"
                    : path.StartsWith("/v1/responses", StringComparison.Ordinal) ? "resp_1"
                    : call.Headers.ContainsKey("anthropic-version") ? "file_2"
                    : "file-1";
                return RecordingProvider.JsonAsync(response, Json.Replace("ID", id, StringComparison.Ordinal));
        }
    }
}
