namespace CogniForge.Llm.Tests.Limits;

internal static class ChatExtensions
{
    /// <summary>Sends a chat request.</summary>
    public static Task<HttpResponseMessage> ChatAsync(
        this HttpClient client,
        string body = LimitedGateway.Hello,
        string path = "/v1/chat/completions"
    ) => client.PostAsync(path, body);

    /// <summary>Sends a chat request, and again while the response is 429 or 503, as SDKs do.</summary>
    public static async Task<int> ChatWithRetriesAsync(this HttpClient client, string body = LimitedGateway.Hello)
    {
        for (var tries = 0; ; tries++)
        {
            using var response = await client.ChatAsync(body);
            if ((int)response.StatusCode is not (429 or 503) || tries == 600)
            {
                return (int)response.StatusCode;
            }

            await Task.Delay(50);
        }
    }

    /// <summary>The status of a chat request.</summary>
    public static async Task<int> StatusAsync(this HttpClient client, string body = LimitedGateway.Hello)
    {
        using var response = await client.ChatAsync(body);
        return (int)response.StatusCode;
    }

    /// <summary>A response header; null: it is not set.</summary>
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
