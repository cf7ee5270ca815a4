using System.Text;
using System.Text.Json;

namespace CogniForge.Tests;

public static class Requests
{
    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, string json) =>
        client.PostAsync(new Uri(path, UriKind.Relative), Json(json));

    public static Task<HttpResponseMessage> GetAsync(this HttpClient client, string path) =>
        client.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>Reads a JSON response with the expected status.</summary>
    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Sends a body of a given size with <c>Expect: 100-continue</c>.</summary>
    public static async Task<HttpResponseMessage> PostLargeAsync(this HttpClient client, string path, int bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
        {
            Content = Json($"\"{new string('x', bytes)}\""),
        };
        request.Headers.ExpectContinue = true;
        return await client.SendAsync(request);
    }
}
