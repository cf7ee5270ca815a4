namespace CogniForge.Llm.Tests.Limits;

internal static class Asking
{
    /// <summary>Asks for an answer.</summary>
    public static Task<HttpResponseMessage> AskAsync(
        this HttpClient client,
        string body = LimitedGateway.Hello,
        string path = "/v1/chat/completions"
    ) => client.PostAsync(path, body);

    /// <summary>Asks, and again as long as the answer is 429 or 503, as SDKs do.</summary>
    public static async Task<int> AskPatientlyAsync(this HttpClient client, string body = LimitedGateway.Hello)
    {
        for (var tries = 0; ; tries++)
        {
            using var response = await client.AskAsync(body);
            if ((int)response.StatusCode is not (429 or 503) || tries == 600)
            {
                return (int)response.StatusCode;
            }

            await Task.Delay(50);
        }
    }

    /// <summary>The status alone.</summary>
    public static async Task<int> StatusAsync(this HttpClient client, string body = LimitedGateway.Hello)
    {
        using var response = await client.AskAsync(body);
        return (int)response.StatusCode;
    }

    /// <summary>A header of an answer; null: there is none.</summary>
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
