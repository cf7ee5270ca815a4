using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CogniForge.Serving.Tests.Inference.Triton;

/// <summary>
/// The requests that Triton's client for Python sent (triton-inference-server/client at 58a44ca, tritonclient.http).
/// It read the responses as these tests expect them.
/// </summary>
public sealed class TritonClientTests(ServingService service) : IClassFixture<ServingService>, IAsyncLifetime
{
    private const string HeaderLength = "Inference-Header-Content-Length";

    public async Task InitializeAsync()
    {
        using var rent = await service.RegisterAsync(
            """
            { "name": "rent", "kind": "linear",
              "definition": { "inputs": ["rooms", "km"], "intercept": 400, "coefficients": [250, -8] } }
            """
        );
        using var echo = await service.RegisterAsync("""{ "name": "echo", "kind": "mock", "definition": {} }""");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("is_server_live")]
    [InlineData("is_server_ready")]
    [InlineData("is_model_ready")]
    [InlineData("load_model")]
    [InlineData("unload_model")]
    public async Task Request_OfState_Succeeds(string recording)
    {
        using var response = await SendAsync(recording);

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("get_server_metadata", "extensions", """["binary_tensor_data", "model_repository"]""")]
    [InlineData(
        "get_model_metadata",
        "inputs",
        """[{ "name": "features", "datatype": "FP64", "shape": [-1, 2] }]"""
    )]
    public async Task Metadata_Requested_IsReturned(string recording, string member, string expected)
    {
        using var response = await SendAsync(recording);
        var json = await response.ReadAsync(200);

        using var wanted = JsonDocument.Parse(expected);
        Assert.True(JsonElement.DeepEquals(wanted.RootElement, json.GetProperty(member)), json.GetRawText());
    }

    [Fact]
    public async Task Index_Requested_ListsModels()
    {
        using var response = await SendAsync("get_model_repository_index");
        var models = (await response.ReadAsync(200)).EnumerateArray().Select(m => m.GetProperty("name").GetString());

        Assert.Equal(["echo", "rent"], models.Order());
    }

    [Theory]
    [InlineData("infer_json")]
    [InlineData("infer_json_to_binary")]
    [InlineData("infer_binary_to_json")]
    [InlineData("infer_binary")]
    [InlineData("infer_fp32")]
    [InlineData("infer_fp16")]
    [InlineData("infer_int32")]
    [InlineData("infer_timeout_priority_sequence")]
    [InlineData("infer_parameters")]
    [InlineData("infer_gzip")]
    [InlineData("infer_deflate")]
    [InlineData("infer_gzip_json")]
    public async Task Infer_EachEncoding_ReturnsPredictions(string recording)
    {
        using var response = await SendAsync(recording);
        var (json, raw) = await SplitAsync(response);

        var predictions = raw.IsEmpty
            ? [.. json.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(n => n.GetDouble())]
            : new[] { raw[..8], raw[8..] }.Select(n => BinaryPrimitives.ReadDoubleLittleEndian(n.Span)).ToList();
        Assert.Equal([1_110, 554], predictions);
        Assert.Equal(recording == "infer_binary", json.TryGetProperty("id", out _));
    }

    [Theory]
    [InlineData("infer_bytes", "02000000C3A903000000" + "74776F")]
    [InlineData("infer_bool", "0100")]
    public async Task Infer_RawElements_ReturnsThem(string recording, string expected)
    {
        using var response = await SendAsync(recording);

        Assert.Equal(expected, Convert.ToHexString((await SplitAsync(response)).Raw.Span));
    }

    [Fact]
    public async Task Infer_Texts_ReturnsThem()
    {
        using var response = await SendAsync("infer_bytes_json");
        var (json, _) = await SplitAsync(response);

        var texts = json.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(t => t.GetString());
        Assert.Equal(["é", "two"], texts);
    }

    [Theory]
    [InlineData("infer_classification", "outputs[0].parameters.classification is not supported: request the output it")]
    [InlineData("load_model_config", "parameters.config is not supported: register another version of the model.")]
    public async Task Extension_NotSupported_IsRefused(string recording, string expected)
    {
        using var response = await SendAsync(recording);

        var error = (await response.ReadAsync(400)).GetProperty("error").GetString();
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> SendAsync(string recording)
    {
        using var stream = typeof(TritonClientTests).Assembly.GetManifestResourceStream(recording)!;
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        var sent = bytes.ToArray();
        var end = sent.AsSpan().IndexOf("\r\n\r\n"u8);
        var head = Encoding.ASCII.GetString(sent, 0, end).Split("\r\n");
        if (head[0].Split(' ') is not [var method, var path, _])
        {
            throw new InvalidDataException(head[0]);
        }

        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = method == "GET" ? null : new ByteArrayContent(sent[(end + 4)..]),
        };
        foreach (var (name, value) in head.Skip(1).Select(h => h.Split(": ", 2)).Select(h => (h[0], h[1])))
        {
            _ = name is "host"
                || request.Headers.TryAddWithoutValidation(name, value)
                || request.Content!.Headers.TryAddWithoutValidation(name, value);
        }

        return await service.Client.SendAsync(request);
    }

    private static async Task<(JsonElement Json, ReadOnlyMemory<byte> Raw)> SplitAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        var length = response.Headers.TryGetValues(HeaderLength, out var values)
            ? int.Parse(values.Single(), CultureInfo.InvariantCulture)
            : body.Length;
        using var json = JsonDocument.Parse(body.AsMemory(0, length));
        return (json.RootElement.Clone(), body.AsMemory(length));
    }
}
