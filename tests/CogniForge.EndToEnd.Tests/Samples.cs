using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace CogniForge.EndToEnd.Tests;

/// <summary>The requests of the tests.</summary>
internal static class Samples
{
    private static readonly string _folder = Path.Combine(RepositoryRoot(), "samples", "data");

    /// <summary>A chat request.</summary>
    public static StringContent Chat(string text = "Hello") =>
        Json($$"""{"model":"mock","messages":[{"role":"user","content":"{{text}}"}]}""");

    /// <summary>The registration of the breast cancer model under another name.</summary>
    public static StringContent Model(string name)
    {
        var model = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "breast-cancer.model.json")))!;
        model["name"] = name;
        return Json(model.ToJsonString());
    }

    /// <summary>Three rows of the breast cancer data.</summary>
    public static StringContent Rows() => Json(File.ReadAllText(Path.Combine(_folder, "breast-cancer.infer.json")));

    /// <summary>A user event.</summary>
    public static StringContent Event(string name, string? messageId = null) =>
        Json(
            messageId is null
                ? $$"""{"event":"{{name}}","userId":"u1"}"""
                : $$"""{"event":"{{name}}","userId":"u1","messageId":"{{messageId}}"}"""
        );

    /// <summary>A JSON body.</summary>
    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>Reads a JSON response.</summary>
    public static async Task<JsonNode> ReadAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonNode>())!;

    /// <summary>Gets a JSON document.</summary>
    public static async Task<JsonNode> GetAsync(HttpClient client, string path) =>
        (await client.GetFromJsonAsync<JsonNode>(path))!;

    /// <summary>Gets the number from a <c>/count</c> endpoint.</summary>
    public static async Task<long> CountAsync(HttpClient client, string path) =>
        (long)(await GetAsync(client, path))["count"]!;

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CogniForge.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder.FullName;
    }
}
