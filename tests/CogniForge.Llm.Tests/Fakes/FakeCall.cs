using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace CogniForge.Llm.Tests.Fakes;

/// <summary>A call to a fake provider, with methods to respond as OpenAI's Chat Completions API.</summary>
public sealed class FakeCall(HttpContext context, JsonElement body)
{
    private const string Id = "chatcmpl-fake";
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JsonElement Body => body;

    public IHeaderDictionary Headers { get; } =
        new HeaderDictionary(
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase)
        );

    public string Path { get; } = context.Request.Path;

    public string Query { get; } = context.Request.QueryString.Value ?? "";

    public bool IsStream => body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;

    public string Model => body.GetProperty("model").GetString()!;

    /// <summary>Completes when the call ends.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether the gateway closed the connection.</summary>
    public bool IsAborted => context.RequestAborted.IsCancellationRequested;

    public void End() => _ended.TrySetResult();

    /// <summary>Responds successfully, streamed if requested.</summary>
    public async Task RespondAsync(string text, string finish = "stop")
    {
        if (!IsStream)
        {
            await JsonAsync(200, Completion(text, finish));
            return;
        }

        await BeginAsync();
        foreach (var word in Words(text))
        {
            await ChunkAsync(word);
        }

        await FinishAsync(finish);
        await UsageAsync();
        await DoneAsync();
    }

    public string Completion(string text, string finish = "stop") =>
        $$$"""
            {"id":"{{{Id}}}","object":"chat.completion","created":1795263003,"model":"{{{Model}}}",
            "choices":[{"index":0,"message":{"role":"assistant","content":{{{JsonSerializer.Serialize(text)}}}},
              "finish_reason":"{{{finish}}}"}],
            "usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}
            """;

    public Task ErrorAsync(int status, string type, string? code = null, string message = "The fake fails.") =>
        JsonAsync(
            status,
            $$$"""
            {"error":{"message":"{{{message}}}","type":"{{{type}}}","param":null,
             "code":{{{JsonSerializer.Serialize(code)}}}}}
            """
        );

    public async Task JsonAsync(int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json, context.RequestAborted);
    }

    public void SetStatus(int status) => context.Response.StatusCode = status;

    public void SetHeader(string name, string value) => context.Response.Headers[name] = value;

    /// <summary>Sends bytes as they are, with any content type or none.</summary>
    public async Task BodyAsync(byte[] bytes, string? contentType)
    {
        context.Response.ContentType = contentType;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>Never responds; ends when the gateway closes the connection.</summary>
    public Task HangAsync() => Task.Delay(Timeout.Infinite, context.RequestAborted);

    public async Task DelayAsync(TimeSpan delay, TimeProvider time) =>
        await Task.Delay(delay, time, context.RequestAborted);

    /// <summary>Resets the connection.</summary>
    public void Reset() => context.Abort();

    /// <summary>Begins a stream with the role.</summary>
    public async Task BeginAsync()
    {
        context.Response.ContentType = "text/event-stream";
        await DataAsync(Chunk("""{"role":"assistant","content":""}"""));
    }

    public Task ChunkAsync(string text) => DataAsync(Chunk($$$"""{"content":{{{JsonSerializer.Serialize(text)}}}}"""));

    public Task FinishAsync(string finish = "stop") => DataAsync(Chunk("{}", $"\"{finish}\""));

    public Task UsageAsync() =>
        DataAsync(
            $$$"""{"id":"{{{Id}}}","object":"chat.completion.chunk","created":1795263003,"model":"{{{Model}}}","""
                + """
                "choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}
                """
        );

    public Task DoneAsync() => DataAsync("[DONE]");

    public Task DataAsync(string data) => WriteAsync($"data: {data}\n\n");

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    public async Task WriteAsync(byte[] bytes)
    {
        context.Response.ContentType ??= "text/event-stream";
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static IEnumerable<string> Words(string text) =>
        text.Split(' ').Select((word, i) => i == 0 ? word : $" {word}");

    private string Chunk(string delta, string finish = "null") =>
        $$$"""{"id":"{{{Id}}}","object":"chat.completion.chunk","created":1795263003,"model":"{{{Model}}}","""
        + $$$"""
            "choices":[{"index":0,"delta":{{{delta}}},"finish_reason":{{{finish}}}}]}
            """;
}
