using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CogniForge.ServingDemo;

/// <summary>Calls model serving's REST API as any client would.</summary>
internal sealed class ServingClient : IDisposable
{
    private readonly HttpClient _http;

    public ServingClient(Uri address, string? key)
    {
        _http = new() { BaseAddress = address };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }
    }

    public Task<JsonElement> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<JsonElement> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task<JsonElement> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, body);

    public Task DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    /// <summary>Whether a path responds with success.</summary>
    public async Task<bool> IsSuccessAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative));
        return response.IsSuccessStatusCode;
    }

    /// <summary>Uploads a file with its checksum.</summary>
    public async Task UploadAsync(string path, byte[] file)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var digest = Convert.ToHexStringLower(SHA256.HashData(file));
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{path}?digest=sha256:{digest}")
        {
            Content = content,
        };
        await SendAsync(request);
    }

    /// <summary>Classifies rows by the Open Inference Protocol.</summary>
    /// <param name="model">The path of the model or version below <c>/v2/models</c>.</param>
    /// <param name="id">The unique id of the request.</param>
    /// <param name="rows">The features of each row.</param>
    /// <param name="unit">The unit of an experiment; null: the request takes part in none.</param>
    /// <returns>For each row, the probability that it is benign.</returns>
    public async Task<IReadOnlyList<double>> InferAsync(
        string model,
        string id,
        IReadOnlyList<float[]> rows,
        string? unit = null
    )
    {
        var data = new JsonArray([.. rows.SelectMany(r => r).Select(v => (JsonNode)v)]);
        var request = new JsonObject
        {
            ["id"] = id,
            ["inputs"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "features",
                    ["datatype"] = "FP32",
                    ["shape"] = new JsonArray(rows.Count, Sample.Width),
                    ["data"] = data,
                }
            ),
        };
        if (unit is not null)
        {
            request["parameters"] = new JsonObject { ["unit_id"] = unit };
        }

        var response = await PostAsync($"/v2/models/{model}/infer", request);
        return
        [
            .. response.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(v => v.GetDouble()),
        ];
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        return await SendAsync(request);
    }

    private async Task<JsonElement> SendAsync(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            var asked = $"{request.Method} {request.RequestUri}";
            throw new DemoException($"serving responded to {asked} with {status}: {body}");
        }

        return body.Length == 0 ? default : JsonElement.Parse(body);
    }
}
