using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace CogniForge.Serving.Tests.Models;

/// <summary>Calls the registry API.</summary>
internal sealed class RegistryClient(HttpClient client)
{
    private const string Path = "/api/v1/serving/models";

    /// <summary>A version that has nothing to load, so that a model's first one serves at once.</summary>
    public const string Mock = """{"kind":"mock"}""";

    public Task<JsonElement> RegisterAsync(string name) => ReadAsync(201, "POST", "", $$"""{"name":"{{name}}"}""");

    /// <summary>Registers a model with versions that only exist.</summary>
    public async Task RegisterAsync(string name, int versions)
    {
        await RegisterAsync(name);
        for (var i = 0; i < versions; i++)
        {
            await ReadAsync(201, "POST", $"/{name}/versions", Mock);
        }
    }

    public Task<JsonElement> MoveAsync(string name, string alias, int version) =>
        ReadAsync(200, "PUT", $"/{name}/aliases/{alias}", $$"""{"version":{{version}}}""");

    public async Task<JsonElement> MoveThroughAsync(string name, int version, params string[] states)
    {
        JsonElement last = default;
        foreach (var state in states)
        {
            last = await ReadAsync(200, "PUT", $"/{name}/versions/{version}/state", $$"""{"state":"{{state}}"}""");
        }

        return last;
    }

    /// <summary>Reads all pages of a list.</summary>
    public async Task<List<JsonElement>> ListAsync(string path, int limit)
    {
        var items = new List<JsonElement>();
        string? cursor = "";
        do
        {
            var page = await ReadAsync(200, "GET", $"{path}?limit={limit}&cursor={cursor}");
            Assert.InRange(page.GetProperty("items").GetArrayLength(), 0, limit);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("next").GetString();
        } while (cursor is not null);

        return items;
    }

    public async Task<string> GetETagAsync(string path)
    {
        using var response = await SendAsync("GET", path);
        await response.ReadAsync(200);
        return response.Headers.ETag!.ToString();
    }

    public async Task<JsonElement> ReadAsync(int status, string method, string path, string? json = null)
    {
        using var response = await SendAsync(method, path, json);
        if (status == 204)
        {
            Assert.Equal(204, (int)response.StatusCode);
            return default;
        }

        return await response.ReadAsync(status);
    }

    /// <summary>The detail of a refusal.</summary>
    public async Task<string> ReadProblemAsync(int status, string method, string path, string? json = null)
    {
        using var response = await SendAsync(method, path, json);
        return (await Problem.ReadAsync(response, status)).Detail!;
    }

    public async Task<HttpResponseMessage> SendAsync(
        string method,
        string path,
        string? json = null,
        string? ifMatch = null,
        string? ifNoneMatch = null
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

        if (ifNoneMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        }

        return await client.SendAsync(request);
    }

    public Task<HttpResponseMessage> UploadAsync(string version, byte[] file, string? sha256 = null) =>
        UploadAsync(version, new ByteArrayContent(file), sha256 ?? Hash(file));

    public async Task<HttpResponseMessage> UploadAsync(string version, HttpContent content, string sha256)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using (content)
        {
            return await client.PutAsync(
                new Uri($"{Path}/{version}/artifact?digest=sha256:{sha256}", UriKind.Relative),
                content
            );
        }
    }

    public async Task<byte[]> DownloadAsync(string version)
    {
        using var response = await client.GetAsync($"{Path}/{version}/artifact");
        Assert.Equal(200, (int)response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync();
    }

    public static string Hash(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));
}
