using System.Net;
using System.Text;
using System.Text.Json;

namespace CogniForge.ServiceDefaults.Tests.Support;

/// <summary>Reads responses as a client does.</summary>
internal static class Answers
{
    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    /// <summary>Asserts problem details with this status and without names of .NET.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotMatch(@"System\.|CogniForge\.|Nullable|Exception|\bInt32\b|   at ", text);
        var problem = await response.JsonAsync();
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        return problem;
    }

    /// <summary>Asserts a 400 with this field and rule.</summary>
    public static async Task InvalidAsync(this HttpResponseMessage response, string field, string rule)
    {
        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest);
        Assert.True(problem.TryGetProperty("errors", out var errors), problem.ToString());
        Assert.True(errors.TryGetProperty(field, out var rules), problem.ToString());
        Assert.Contains(rule, rules.EnumerateArray().Select(r => r.GetString()!));
    }
}
