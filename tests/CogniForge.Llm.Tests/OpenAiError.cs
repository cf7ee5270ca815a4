using System.Text.Json;

namespace CogniForge.Llm.Tests;

/// <summary>An error of OpenAI's API: an object with exactly these four members.</summary>
internal sealed record OpenAiError(string Message, string Type, string? Param, string? Code)
{
    public static async Task<OpenAiError> ReadAsync(HttpResponseMessage response, int status)
    {
        var body = await response.ReadAsync(status);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var error = Assert.Single(body.EnumerateObject()).Value;
        Assert.Equal(["error"], body.EnumerateObject().Select(m => m.Name));
        Assert.Equal(["code", "message", "param", "type"], error.EnumerateObject().Select(m => m.Name).Order());
        return error.Deserialize<OpenAiError>(JsonSerializerOptions.Web)!;
    }
}
