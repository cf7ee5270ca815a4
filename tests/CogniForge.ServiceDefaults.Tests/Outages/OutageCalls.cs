using System.Net;
using CogniForge.ServiceDefaults.Tests.Support;

namespace CogniForge.ServiceDefaults.Tests.Outages;

/// <summary>Requests during an outage.</summary>
internal static class OutageCalls
{
    /// <summary>Repeats the request until the response has this status.</summary>
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

    /// <summary>Asserts a 503 with problem details and Retry-After.</summary>
    public static async Task AssertUnavailableAsync(this HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await client.SendAsync(request);
        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(response.Headers.RetryAfter);
    }
}
