using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CogniForge.Serving.Tests.Inference;

/// <summary>Triton's binary tensor data extension, as extension_binary_data.md specifies it.</summary>
public class BinaryTensorTests(ServingService service) : IClassFixture<ServingService>, IAsyncLifetime
{
    private const string Infer = "/v2/models/small/infer";
    private const string Header = "Inference-Header-Content-Length";

    private static readonly byte[] _row = [.. BitConverter.GetBytes(0.5), .. BitConverter.GetBytes(2.0)];

    public async Task InitializeAsync() => (await service.RegisterAsync(ModelJson.Create("small"))).Dispose();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Infer_RawInput_EqualsJson()
    {
        using var response = await PostAsync(Json(""), _row);
        var json = await response.ReadAsync(200);

        // Log-odds -0.5 + 0.5 = 0.
        Assert.Equal("[0.5]", json.GetProperty("outputs")[0].GetProperty("data").GetRawText());
        Assert.False(response.Headers.Contains(Header));
    }

    [Theory]
    [InlineData(""","parameters":{"binary_data_output":true}""")]
    [InlineData(""","outputs":[{"name":"probability","parameters":{"binary_data":true}},{"name":"label"}]""")]
    [InlineData(
        ""","parameters":{"binary_data_output":true},"outputs":[{"name":"probability"},"""
            + """{"name":"label","parameters":{"binary_data":false}}]"""
    )]
    public async Task Infer_RawOutput_FollowsJson(string more)
    {
        using var response = await PostAsync(Json(more), _row);
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
        var length = int.Parse(response.Headers.GetValues(Header).Single(), null);
        using var json = JsonDocument.Parse(body.AsMemory(0, length));
        var outputs = json.RootElement.GetProperty("outputs");
        Assert.Equal(8, outputs[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        Assert.False(outputs[0].TryGetProperty("data", out _));
        Assert.Equal(0.5, BinaryPrimitives.ReadDoubleLittleEndian(body.AsSpan(length)));
        if (more.Contains("label", StringComparison.Ordinal))
        {
            Assert.Equal("""["no"]""", outputs[1].GetProperty("data").GetRawText());
            Assert.Equal(8, body.Length - length);
        }
        else
        {
            // A length in 4 bytes, then the text.
            Assert.Equal([2, 0, 0, 0, .. "no"u8], body[(length + 8)..]);
        }
    }

    [Theory]
    [InlineData("15", 15, "binary data must have 16 bytes")]
    [InlineData("17", 16, "parameters.binary_data_size must not exceed the bytes after the JSON (16)")]
    [InlineData("16", 20, "$ has 4 bytes after those of the last tensor")]
    [InlineData("\"16\"", 16, "parameters.binary_data_size must be a number of bytes")]
    public async Task Infer_WrongSize_NamesRule(string size, int sent, string rule)
    {
        var json = Json("").Replace(":16", $":{size}", StringComparison.Ordinal);
        using var response = await PostAsync(json, new byte[sent]);
        var error = (await response.ReadAsync(400)).GetProperty("error").GetString();
        Assert.Contains(rule, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("100000")]
    public async Task Infer_WrongHeader_NamesRule(string header)
    {
        using var response = await PostAsync(Json(""), _row, header);
        Assert.StartsWith(
            $"{Header} must be the length of the JSON",
            (await response.ReadAsync(400)).GetProperty("error").GetString(),
            StringComparison.Ordinal
        );
    }

    /// <summary>Escapes make a text six times as long; it is written in pieces, which may end within a pair.</summary>
    [Theory]
    [InlineData("\u0001")]
    [InlineData("\U0001F600")]
    [InlineData("xxx")]
    public async Task Infer_LongText_IsReturnedUnchanged(string unit)
    {
        var text = "-" + string.Concat(Enumerable.Repeat(unit, 100_000));
        var raw = Encoding.UTF8.GetBytes(text);
        (await service.RegisterAsync("""{"name":"echo","kind":"mock"}""")).Dispose();
        using var response = await PostAsync(
            $$"""
            {"inputs":[{"name":"text","shape":[2],"datatype":"BYTES",
            "parameters":{"binary_data_size":{{raw.Length + 9}}} }]}
            """,
            [.. BitConverter.GetBytes(raw.Length), .. raw, 1, 0, 0, 0, (byte)'x'],
            path: "/v2/models/echo/infer"
        );

        var output = (await response.ReadAsync(200)).GetProperty("outputs")[0].GetProperty("data");
        Assert.Equal([text, "x"], output.EnumerateArray().Select(t => t.GetString()));
    }

    private static string Json(string more) =>
        """{"inputs":[{"name":"features","shape":[1,2],"datatype":"FP64","parameters":{"binary_data_size":16}}]"""
        + more
        + "}";

    private async Task<HttpResponseMessage> PostAsync(
        string json,
        byte[] raw,
        string? header = null,
        string path = Infer
    )
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent([.. bytes, .. raw]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.Add(Header, header ?? $"{bytes.Length}");
        return await service.Client.SendAsync(request);
    }
}
