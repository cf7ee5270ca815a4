using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Suites.Serving;

/// <summary>Registers the models of the benchmark.</summary>
internal sealed class ServingSetup(ServerProcess serving, string key) : IDisposable
{
    private readonly HttpClient _client = new()
    {
        BaseAddress = serving.Address,
        DefaultRequestHeaders = { Authorization = new("Bearer", key) },
    };

    /// <summary>Registers the logistic model of the sample data, as <c>breast-cancer</c>.</summary>
    public Task AddLogisticAsync(CancellationToken cancellationToken) =>
        PostAsync(
            "",
            JsonNode.Parse(File.ReadAllText(SampleRows.GetPath("breast-cancer.model.json")))!,
            cancellationToken
        );

    /// <summary>Registers XGBoost's trees of the sample data.</summary>
    public Task AddTreesAsync(string name, CancellationToken cancellationToken) =>
        AddAsync(
            name,
            new JsonObject
            {
                ["kind"] = "xgboost",
                ["definition"] = JsonNode.Parse(File.ReadAllText(SampleRows.GetPath("breast-cancer.xgboost.json"))),
            },
            null,
            cancellationToken
        );

    /// <summary>Registers the same trees as ONNX.</summary>
    public Task AddOnnxAsync(string name, CancellationToken cancellationToken) =>
        AddAsync(
            name,
            new JsonObject { ["kind"] = "onnx" },
            SampleRows.GetPath("breast-cancer.onnx"),
            cancellationToken
        );

    /// <summary>Registers a model of another server.</summary>
    public Task AddRemoteAsync(string name, Uri model, CancellationToken cancellationToken)
    {
        static JsonObject Tensor(string name, string datatype, params int[] shape) =>
            new()
            {
                ["name"] = name,
                ["datatype"] = datatype,
                ["shape"] = new JsonArray([.. shape.Select(s => (JsonNode)s)]),
            };
        return AddAsync(
            name,
            new JsonObject
            {
                ["kind"] = "remote",
                ["endpoint"] = model.ToString(),
                ["schema"] = new JsonObject
                {
                    ["inputs"] = new JsonArray(Tensor("features", "FP64", -1, SampleRows.Width)),
                    ["outputs"] = new JsonArray(Tensor("probability", "FP64", -1), Tensor("label", "BYTES", -1)),
                },
            },
            null,
            cancellationToken
        );
    }

    public void Dispose() => _client.Dispose();

    private async Task AddAsync(string name, JsonObject version, string? file, CancellationToken cancellationToken)
    {
        await PostAsync("", new JsonObject { ["name"] = name }, cancellationToken);
        await PostAsync($"/{name}/versions", version, cancellationToken);
        if (file is not null)
        {
            var bytes = await File.ReadAllBytesAsync(file, cancellationToken);
            using var content = new ByteArrayContent(bytes);
            var path = $"/{name}/versions/1/artifact?digest=sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
            await CheckAsync(_client.PutAsync(GetUri(path), content, cancellationToken));
        }

        foreach (var state in new[] { "ready", "serving" })
        {
            using var content = JsonContent.Create(new { state });
            await CheckAsync(_client.PutAsync(GetUri($"/{name}/versions/1/state"), content, cancellationToken));
        }
    }

    private async Task PostAsync(string path, JsonNode body, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(body);
        await CheckAsync(_client.PostAsync(GetUri(path), content, cancellationToken));
    }

    private static Uri GetUri(string path) => new($"/api/v1/serving/models{path}", UriKind.Relative);

    private static async Task CheckAsync(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        if (!response.IsSuccessStatusCode)
        {
            throw new BenchException(
                $"serving responded with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}"
            );
        }
    }
}
