namespace CogniForge.Llm.Tests.Servers;

/// <summary>Calls to the admin API.</summary>
internal static class AdminCalls
{
    public static Task<HttpResponseMessage> PutAsync(this HttpClient client, string path, string json) =>
        client.PutAsync(new Uri(path, UriKind.Relative), Requests.Json(json));

    public static Task<HttpResponseMessage> DeleteAsync(this HttpClient client, string path) =>
        client.DeleteAsync(new Uri(path, UriKind.Relative));
}
