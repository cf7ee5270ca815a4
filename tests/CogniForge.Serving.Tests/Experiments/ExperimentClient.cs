using System.Text.Json;
using CogniForge.Serving.Tests.Models;

namespace CogniForge.Serving.Tests.Experiments;

/// <summary>Calls the API of experiments, and infers with units.</summary>
internal sealed class ExperimentClient(HttpClient client)
{
    public const string Path = "/api/v1/serving/experiments";

    /// <summary>Registers a model that returns its inputs, of which version 1 serves.</summary>
    public async Task RegisterModelAsync(string name)
    {
        using var model = await client.PostAsync(
            "/api/v1/serving/models",
            $$"""{"name":"{{name}}","kind":"mock"}"""
        );
        await model.ReadAsync(201);
        await new RegistryClient(client).ReadAsync(201, "POST", $"/{name}/versions", RegistryClient.Mock);
    }

    /// <summary>Creates an experiment of two even variants, and its model; <paramref name="more"/> adds
    /// members.</summary>
    public async Task CreateAsync(string name, string more = "")
    {
        await RegisterModelAsync(name);
        await ReadAsync(201, "POST", "", Describe(name, name, more));
    }

    public async Task StartAsync(string name, string more = "")
    {
        await CreateAsync(name, more);
        await ReadAsync(200, "POST", $"/{name}/start");
    }

    public static string Describe(string name, string model, string more = "") =>
        $$"""
        {
          "name": "{{name}}", "model": "{{model}}",
          "variants": [{ "name": "control", "version": 1 }, { "name": "new", "version": 2 }],
          "primaryMetric": { "name": "bought", "kind": "binary" }{{more}}
        }
        """;

    public async Task<JsonElement> ReadAsync(int status, string method, string path, string? json = null)
    {
        using var response = await SendAsync(method, path, json);
        return status == 204 ? default : await response.ReadAsync(status);
    }

    public async Task<string> ReadProblemAsync(int status, string method, string path, string? json = null)
    {
        using var response = await SendAsync(method, path, json);
        return (await Problem.ReadAsync(response, status)).Detail!;
    }

    public async Task<HttpResponseMessage> SendAsync(
        string method,
        string path,
        string? json = null,
        string? ifMatch = null
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Path + path, UriKind.Relative))
        {
            Content = json is null ? null : Requests.Json(json),
        };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await client.SendAsync(request);
    }

    /// <summary>Infers; returns the version and the variant that the response names.</summary>
    public async Task<(string Version, string? Variant)> InferAsync(
        string model,
        string parameters,
        string id = "",
        string version = "",
        params (string Name, string Value)[] headers
    )
    {
        var path = version.Length == 0 ? $"/v2/models/{model}/infer" : $"/v2/models/{model}/versions/{version}/infer";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
        {
            Content = Requests.Json(
                $$"""
                {
                  "inputs": [{ "name": "x", "datatype": "FP64", "shape": [1], "data": [1] }],
                  "parameters": {{parameters}}{{(id.Length == 0 ? "" : $", \"id\": \"{id}\"")}}
                }
                """
            ),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await client.SendAsync(request);
        var json = await response.ReadAsync(200);
        return (
            json.GetProperty("model_version").GetString()!,
            json.TryGetProperty("parameters", out var p) ? p.GetProperty("variant").GetString() : null
        );
    }

    public Task<JsonElement> RecordAsync(string name, params string[] outcomes) =>
        ReadAsync(200, "POST", $"/{name}/outcomes", $$"""{"outcomes":[{{string.Join(',', outcomes)}}]}""");

    /// <summary>Reads the results when all exposures are stored.</summary>
    public Task<JsonElement> ReadResultsAsync(string name, int units) =>
        Until.GetAsync(
            () => ReadAsync(200, "GET", $"/{name}/results"),
            r => r.GetProperty("variants").EnumerateArray().Sum(v => v.GetProperty("units").GetInt32()) == units
        );
}
