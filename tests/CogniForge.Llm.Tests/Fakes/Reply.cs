using System.Net.ServerSentEvents;
using System.Text.Json;

namespace CogniForge.Llm.Tests.Fakes;

/// <summary>The response of a chat completion, streamed or not.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">The text of the response.</param>
/// <param name="Finish">The finish reason; null: the response is incomplete.</param>
/// <param name="Model">The model in the response.</param>
/// <param name="Error">The error; null: none.</param>
/// <param name="IsDone">Whether the stream ended with <c>[DONE]</c>.</param>
/// <param name="Headers">The response headers.</param>
/// <param name="Took">The duration by the gateway's clock.</param>
internal sealed record Reply(
    int Status,
    string Text,
    string? Finish,
    string? Model,
    JsonElement? Error,
    bool IsDone,
    IReadOnlyDictionary<string, string> Headers,
    TimeSpan Took = default
)
{
    /// <summary>The error code; null: none.</summary>
    public string? Code => Error?.GetProperty("code").GetString();

    public static async Task<Reply> ReadAsync(HttpClient client, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/chat/completions", UriKind.Relative))
        {
            Content = Requests.Json(body),
        };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var headers = response.Headers.ToDictionary(
            h => h.Key,
            h => string.Join(',', h.Value),
            StringComparer.OrdinalIgnoreCase
        );
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            var completion = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            if (completion.TryGetProperty("error", out var failure))
            {
                return new(status, "", null, null, failure, false, headers);
            }

            var choice = completion.GetProperty("choices")[0];
            return new(
                status,
                choice.GetProperty("message").GetProperty("content").GetString()!,
                choice.GetProperty("finish_reason").GetString(),
                completion.GetProperty("model").GetString(),
                null,
                true,
                headers
            );
        }

        var reply = new Reply(status, "", null, null, null, false, headers);
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            reply =
                item.Data == "[DONE]"
                    ? reply with
                    {
                        IsDone = true,
                    }
                    : reply.With(JsonDocument.Parse(item.Data).RootElement);
        }

        return reply;
    }

    private Reply With(JsonElement chunk)
    {
        if (chunk.TryGetProperty("error", out var error))
        {
            return this with { Error = error };
        }

        var reply = this with { Model = chunk.GetProperty("model").GetString() };
        foreach (var choice in chunk.GetProperty("choices").EnumerateArray())
        {
            if (choice.GetProperty("delta").TryGetProperty("content", out var content))
            {
                reply = reply with { Text = reply.Text + content.GetString() };
            }

            if (choice.GetProperty("finish_reason").GetString() is { } finish)
            {
                reply = reply with { Finish = finish };
            }
        }

        return reply;
    }
}
