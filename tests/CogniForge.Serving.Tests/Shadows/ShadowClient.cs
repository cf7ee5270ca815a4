using System.Text.Json;
using CogniForge.Serving.Tests.Models;

namespace CogniForge.Serving.Tests.Shadows;

/// <summary>Registers linear models with a shadow, and infers.</summary>
internal static class ShadowClient
{
    /// <summary>Registers two linear versions without intercept.</summary>
    public static async Task RegisterAsync(HttpClient client, string name, string first, string second)
    {
        using var model = await client.PostAsync(
            "/api/v1/serving/models",
            $$"""{"name":"{{name}}","kind":"linear","definition":{{Define(first)}}}"""
        );
        await model.ReadAsync(201);
        await new RegistryClient(client).ReadAsync(
            201,
            "POST",
            $"/{name}/versions",
            $$"""{"kind":"linear","definition":{{Define(second)}}}"""
        );
    }

    /// <summary>Infers rows of one number; returns the predictions.</summary>
    public static async Task<string> InferAsync(HttpClient client, string model, string data)
    {
        var rows = data.Count(c => c == ',') + 1;
        using var response = await client.PostAsync(
            $"/v2/models/{model}/infer",
            $$"""{"inputs":[{"name":"features","datatype":"FP64","shape":[{{rows}},1],"data":{{data}}}]}"""
        );
        return (await response.ReadAsync(200)).GetProperty("outputs")[0].GetProperty("data").GetRawText();
    }

    /// <summary>Reads the report of version 2 when it has as many requests.</summary>
    public static Task<JsonElement> ReadReportAsync(RegistryClient registry, string model, int requests) =>
        Until.GetAsync(
            () => registry.ReadAsync(200, "GET", $"/{model}/shadows/2/report"),
            r => r.GetProperty("requests").GetInt32() == requests
        );

    private static string Define(string coefficients)
    {
        var count = coefficients.Count(c => c == ',') + 1;
        var inputs = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"x{i}\""));
        return $$"""{"inputs":[{{inputs}}],"intercept":0,"coefficients":{{coefficients}}}""";
    }
}
