using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CogniForge.AppHost.Tests.Deployment;

/// <summary>
/// A loopback registry with one image: the settings of Microsoft's <c>dotnet/aspnet</c> on an empty layer.
/// </summary>
internal sealed class ImageRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    private readonly Dictionary<string, (string Type, byte[] Content)> _blobs = [];
    private readonly WebApplication _app;

    private ImageRegistry(WebApplication app) => _app = app;

    /// <summary>The base image's name, as passed to a build.</summary>
    public string BaseImage => $"{new Uri(_app.Urls.Single()).Authority}/dotnet/aspnet:10.0";

    public static async Task<ImageRegistry> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var registry = new ImageRegistry(builder.Build());
        var manifest = registry.AddImage();
        registry._app.MapMethods(
            "/v2/{**path}",
            ["GET", "HEAD"],
            (string? path) => registry.Find(path?.Split('/')[^1], manifest)
        );
        await registry._app.StartAsync();
        return registry;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Find(string? reference, string manifest)
    {
        if (string.IsNullOrEmpty(reference))
        {
            return Results.Ok();
        }

        return _blobs.TryGetValue(reference == "10.0" ? manifest : reference, out var blob)
            ? Results.Bytes(blob.Content, blob.Type)
            : Results.NotFound();
    }

    private string AddImage()
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "home/"));
        }

        var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(tar.ToArray());
        }

        var layer = Add("application/vnd.docker.image.rootfs.diff.tar.gzip", zipped.ToArray());
        var config = Add(
            "application/vnd.docker.container.image.v1+json",
            new
            {
                architecture = "amd64",
                os = "linux",
                config = new
                {
                    Env = (string[])["APP_UID=1654", "ASPNETCORE_HTTP_PORTS=8080", "DOTNET_RUNNING_IN_CONTAINER=true"],
                },
                rootfs = new { type = "layers", diff_ids = (string[])[Digest(tar.ToArray())] },
            }
        );
        return Add(
            ManifestType,
            new
            {
                schemaVersion = 2,
                mediaType = ManifestType,
                config = Describe(config),
                layers = new[] { Describe(layer) },
            }
        );
    }

    private object Describe(string digest) =>
        new
        {
            mediaType = _blobs[digest].Type,
            size = _blobs[digest].Content.Length,
            digest,
        };

    private string Add(string type, object content) => Add(type, JsonSerializer.SerializeToUtf8Bytes(content));

    private string Add(string type, byte[] content)
    {
        var digest = Digest(content);
        _blobs[digest] = (type, content);
        return digest;
    }

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
