namespace CogniForge.EndToEnd.Tests;

/// <summary>An endpoint as a client sees it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">A path that matches the endpoint.</param>
/// <param name="Scope">The required scope; null if any key is sufficient.</param>
/// <param name="TakesForm">Whether the body is a form instead of JSON.</param>
internal sealed record ServiceEndpoint(string Method, string Path, string? Scope, bool TakesForm = false)
{
    public HttpRequestMessage ToRequest() =>
        new(new HttpMethod(Method), Path)
        {
            Content =
                Method == "GET" ? null
                : TakesForm ? new MultipartFormDataContent { { new StringContent("any"), "any" } }
                : Samples.Json("{}"),
        };

    public override string ToString() => $"{Method} {Path}";
}
