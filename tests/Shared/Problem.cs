using System.Text.Json;

namespace CogniForge.Tests;

/// <summary>Problem details (RFC 9457), the error format of the native APIs.</summary>
public sealed record Problem(string? Title, int Status, string? Detail, IReadOnlyDictionary<string, string[]>? Errors)
{
    public static async Task<Problem> ReadAsync(HttpResponseMessage response, int status)
    {
        var problem = (await response.ReadAsync(status)).Deserialize<Problem>(JsonSerializerOptions.Web)!;
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status, problem.Status);
        Assert.False(string.IsNullOrWhiteSpace(problem.Title));
        return problem;
    }

    /// <summary>The broken rules of a 400, each as <c>path: rule</c>.</summary>
    public static async Task<IEnumerable<string>> ReadRulesAsync(HttpResponseMessage response) =>
        (await ReadAsync(response, 400))
            .Errors!.SelectMany(e => e.Value.Select(rule => $"{e.Key}: {rule}"))
            .Order(StringComparer.Ordinal);
}
