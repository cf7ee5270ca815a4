using System.Globalization;
using System.Text.Json;
using CogniForge.Serving.Tests.Models;

namespace CogniForge.Serving.Tests.Metrics;

/// <summary>Records predictions of a model that is served elsewhere, and reads its metrics.</summary>
internal sealed class MetricsClient(HttpClient client, string model)
{
    private readonly RegistryClient _registry = new(client);

    /// <summary>Registers the model with one version of kind external.</summary>
    public async Task RegisterAsync(string version = """{"kind":"external"}""")
    {
        await _registry.RegisterAsync(model);
        await _registry.ReadAsync(201, "POST", $"/{model}/versions", version);
    }

    /// <summary>Records predictions, each a JSON object.</summary>
    public Task<JsonElement> RecordAsync(params IEnumerable<string> predictions) =>
        PostAsync(
            200,
            "predictions",
            $$"""{"source":"shop","version":1,"predictions":[{{string.Join(',', predictions)}}]}"""
        );

    /// <summary>Records ground truth, each a JSON object.</summary>
    public Task<JsonElement> RecordTruthAsync(params IEnumerable<string> items) =>
        PostAsync(200, "ground-truth", $$"""{"source":"shop","items":[{{string.Join(',', items)}}]}""");

    public Task<JsonElement> PostAsync(int status, string path, string json = "{}") =>
        _registry.ReadAsync(status, "POST", $"/{model}/{path}", json);

    public Task<JsonElement> PutAsync(int status, string path, string json) =>
        _registry.ReadAsync(status, "PUT", $"/{model}/{path}", json);

    public Task<JsonElement> GetAsync(string path) => _registry.ReadAsync(200, "GET", $"/{model}/{path}");

    public async Task<JsonElement> GetClassificationAsync(string query = "") =>
        (await GetAsync($"metrics/accuracy{query}")).GetProperty("classification");

    public Task<List<JsonElement>> ListAsync(string path, int limit) => _registry.ListAsync($"/{model}/{path}", limit);

    public Task<HttpResponseMessage> SendAsync(string method, string path, string? json = null) =>
        _registry.SendAsync(method, $"/{model}/{path}", json);

    /// <summary>A prediction as JSON.</summary>
    public static string Prediction(string id, string output, string more = "") =>
        $$"""{"id":"{{id}}","prediction":{{output}}{{more}}}""";

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
