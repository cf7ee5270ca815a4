using System.Net.ServerSentEvents;
using System.Text.Json;

namespace CogniForge.Llm.Tests.Fakes;

/// <summary>What a client of the chat completions got, streamed or not.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">The answer's text.</param>
/// <param name="Finish">Why it ended; null: it did not end well.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Error">The error; null: none.</param>
/// <param name="IsDone">Whether a stream ended as it should.</param>
/// <param name="Headers">The answer's headers.</param>
/// <param name="Took">How long it took by the gateway's clock.</param>
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
            var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            if (answer.TryGetProperty("error", out var refused))
            {
                return new(status, "", null, null, refused, false, headers);
            }

            var choice = answer.GetProperty("choices")[0];
            return new(
                status,
                choice.GetProperty("message").GetProperty("content").GetString()!,
                choice.GetProperty("finish_reason").GetString(),
                answer.GetProperty("model").GetString(),
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
