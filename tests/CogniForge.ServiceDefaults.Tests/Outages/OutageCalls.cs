using System.Net;
using CogniForge.ServiceDefaults.Tests.Support;

namespace CogniForge.ServiceDefaults.Tests.Outages;

/// <summary>What a client sees of an outage.</summary>
internal static class OutageCalls
{
    /// <summary>Sends the request again until the answer has this status.</summary>
    public static Task UntilAnsweredAsync(
        this HttpClient client,
        HttpMethod method,
        string path,
        HttpStatusCode status
    ) =>
        Until.TrueAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(method, path);
                using var response = await client.SendAsync(request);
                return response.StatusCode == status;
            },
            $"{path} answers {status}"
        );

    /// <summary>The answer is 503 with problem details, and says when to come again.</summary>
    public static async Task AssertUnavailableAsync(this HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await client.SendAsync(request);
        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(response.Headers.RetryAfter);
    }
}
