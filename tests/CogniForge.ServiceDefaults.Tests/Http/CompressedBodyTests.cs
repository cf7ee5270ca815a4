using System.IO.Compression;
using System.Net;
using System.Text;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CogniForge.ServiceDefaults.Tests.Http;

/// <summary>SDKs of analytics, and Triton's client on request, compress what they send.</summary>
public sealed class CompressedBodyTests : IAsyncLifetime
{
    private const int MaxBody = 10_000;
    private TestService _service = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync(
            app =>
            {
                app.MapPost("/read", ReadAsync);
                app.MapPost("/json", (Thing thing) => thing.Name);
            },
            settings: [("CogniForge:MaxRequestBodyBytes", $"{MaxBody}")]
        );
        _client = _service.Client();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("identity")]
    public async Task Post_Compressed_IsReadAsIfItWereNot(string encoding)
    {
        using var response = await PostAsync("/json", encoding, Compress(encoding, """{"name":"Zoë"}"""));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Zoë", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Post_ExpandingBeyondMaximum_Gets413(string encoding)
    {
        var body = Compress(encoding, new string(' ', MaxBody + 1));
        Assert.InRange(body.Length, 1, MaxBody / 10);

        using var response = await PostAsync("/read", encoding, body);

        var problem = await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        var detail = problem.GetProperty("detail").GetString();
        Assert.Equal($"The body exceeds the maximum size of {MaxBody} bytes.", detail);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_CompressedBeyondMaximum_Gets413(bool chunked)
    {
        // Empty members of a gzip file expand to nothing.
        var member = Convert.FromHexString("1F8B08000000000000030300" + "0000000000000000");
        byte[] body = [.. Enumerable.Repeat(member, (MaxBody / member.Length) + 1).SelectMany(m => m)];

        using var response = await PostAsync("/read", "gzip", body, chunked);

        await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Post_OtherwiseCompressed_NamesHeader(string encoding)
    {
        foreach (var path in (string[])["/read", "/json"])
        {
            using var response = await PostAsync(path, encoding, "no compressed data, but a text"u8.ToArray());

            await response.InvalidAsync("", "must be compressed as 'Content-Encoding' says");
        }
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, gzip")]
    public async Task Post_OtherEncoding_Gets415WithSupportedOnes(string encoding)
    {
        using var response = await PostAsync("/read", encoding, [1, 2, 3]);

        var problem = await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType);
        Assert.Equal("'Content-Encoding' must be one of gzip, deflate, br.", problem.GetProperty("detail").GetString());
        Assert.Equal("gzip, deflate, br", string.Join(", ", response.Headers.GetValues("Accept-Encoding")));
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string encoding, byte[] body, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        request.Headers.TransferEncodingChunked = chunked;
        return await _client.SendAsync(request);
    }

    private static byte[] Compress(string encoding, string text)
    {
        using var compressed = new MemoryStream();
        using (
            Stream encoder = encoding.ToLowerInvariant() switch
            {
                "gzip" => new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true),
                "deflate" => new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true),
                "br" => new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true),
                _ => new BufferedStream(compressed),
            }
        )
        {
            encoder.Write(Encoding.UTF8.GetBytes(text));
            encoder.Flush();
        }

        return compressed.ToArray();
    }

    private static async Task<int> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return (int)body.Length;
    }

    internal sealed record Thing(string Name);
}
