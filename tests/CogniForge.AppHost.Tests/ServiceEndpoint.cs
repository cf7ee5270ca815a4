namespace CogniForge.AppHost.Tests;

/// <summary>An endpoint as a client sees it.</summary>
/// <param name="Method">Its HTTP method.</param>
/// <param name="Path">An address of it.</param>
/// <param name="Scope">The scope that it asks for; null: any key will do.</param>
internal sealed record ServiceEndpoint(string Method, string Path, string? Scope)
{
    public HttpRequestMessage ToRequest() =>
        new(new HttpMethod(Method), Path) { Content = Method == "GET" ? null : Samples.Json("{}") };

    public override string ToString() => $"{Method} {Path}";
}
