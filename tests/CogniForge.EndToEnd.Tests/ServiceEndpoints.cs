using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CogniForge.EndToEnd.Tests;

/// <summary>The endpoints of a service that require a key.</summary>
/// <remarks>
/// Read from its OpenAPI document, so that new ones are included, plus those that the document omits.
/// </remarks>
internal static partial class ServiceEndpoints
{
    public static async Task<IReadOnlyList<ServiceEndpoint>> ListAsync(string service, HttpClient client)
    {
        var paths = (await Samples.GetAsync(client, "/openapi/v1.json"))["paths"]!.AsObject();
        var described = paths
            .SelectMany(path =>
                path.Value!.AsObject()
                    .Where(o => o.Value!["security"] is not null)
                    .Select(o => Parse(path.Key, o.Key, o.Value!))
            )
            .ToList();
        Assert.NotEmpty(described);
        return [.. described, .. Undescribed(service)];
    }

    private static ServiceEndpoint Parse(string path, string method, JsonNode operation) =>
        new(
            method.ToUpperInvariant(),
            Parameter()
                .Replace(
                    path,
                    p =>
                        p.Value == "{id}" ? "01900000-0000-7000-8000-000000000000"
                        : IsInteger(operation, p.Value[1..^1]) ? "1"
                        : "any"
                ),
            Scope().Match((string?)operation["description"] ?? "") is { Success: true } scope
                ? scope.Groups[1].Value
                : null,
            operation["requestBody"]?["content"]?["multipart/form-data"] is not null
        );

    private static bool IsInteger(JsonNode operation, string parameter) =>
        operation["parameters"]?.AsArray().FirstOrDefault(p => (string?)p!["name"] == parameter)
            is { } described
        && described["schema"]!.ToJsonString().Contains("\"integer\"", StringComparison.Ordinal);

    private static IEnumerable<ServiceEndpoint> Undescribed(string service)
    {
        yield return new("GET", "/metrics", "metrics:read");
        yield return new("GET", "/health/details", $"{service}:admin");
        if (service == "web")
        {
            yield return new("GET", "/", "metrics:read");
            yield return new("GET", "/?handler=Numbers", "metrics:read");
            yield return new("POST", "/?handler=TestMessage", "metrics:read");
        }
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("Scope: `([^`]+)`")]
    private static partial Regex Scope();
}
