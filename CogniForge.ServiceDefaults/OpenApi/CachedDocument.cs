using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace CogniForge.ServiceDefaults.OpenApi;

/// <summary>
/// Serves a document that is the same for all callers: the first successful response is kept and sent again, with an
/// ETag.
/// </summary>
internal sealed class CachedDocument(RequestDelegate create) : IDisposable
{
    private readonly SemaphoreSlim _creating = new(1);
    private Document? _document;

    public async Task ServeAsync(HttpContext context)
    {
        if (await GetAsync(context) is not { } document)
        {
            return;
        }

        var response = context.Response;
        response.Headers.ETag = document.Tag.ToString();
        response.Headers.CacheControl = "no-cache";
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(t => t.Compare(document.Tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = document.ContentType;
        response.ContentLength = document.Body.Length;
        await response.Body.WriteAsync(document.Body, context.RequestAborted);
    }

    public void Dispose() => _creating.Dispose();

    /// <summary>Gets the document; null: there is none, and the response says so.</summary>
    private async Task<Document?> GetAsync(HttpContext context)
    {
        if (Volatile.Read(ref _document) is { } known)
        {
            return known;
        }

        await _creating.WaitAsync(context.RequestAborted);
        try
        {
            return _document ?? await CreateAsync(context);
        }
        finally
        {
            _creating.Release();
        }
    }

    private async Task<Document?> CreateAsync(HttpContext context)
    {
        var client = context.Response.Body;
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        try
        {
            await create(context);
        }
        finally
        {
            context.Response.Body = client;
        }

        if (context.Response.StatusCode != StatusCodes.Status200OK)
        {
            buffer.Position = 0;
            await buffer.CopyToAsync(client, context.RequestAborted);
            return null;
        }

        var body = buffer.ToArray();
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body)[..16])}\"");
        var document = new Document(body, tag, context.Response.ContentType);
        Volatile.Write(ref _document, document);
        return document;
    }

    private sealed record Document(byte[] Body, EntityTagHeaderValue Tag, string? ContentType);
}
