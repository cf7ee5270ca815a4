using System.Text;
using CogniForge.Llm.Protocols;
using CogniForge.ServiceDefaults.Overload;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CogniForge.Llm.PassThrough;

/// <summary>
/// A client's form with a field <c>model</c>. Its sections get a new boundary, so that the provider finds exactly those
/// that the gateway has read, and no second model.
/// </summary>
internal sealed class ModelForm : IAsyncDisposable
{
    /// <summary>What may precede the field <c>model</c>, in bytes.</summary>
    public const long MaxBytesBefore = 64 * 1024 * 1024;

    private const string FieldName = "model";
    private const string FileName = "file";
    private const int MaxBoundary = 200;
    private const int MaxSections = 1_000;
    private const int BufferBytes = 64 * 1024;

    private readonly MultipartReader _reader;
    private readonly string _boundary = Guid.CreateVersion7().ToString("N");
    private readonly BodyShare? _share;
    private readonly FileBufferingWriteStream _before = new(BufferBytes, bufferLimit: null, Path.GetTempPath);
    private readonly byte[] _buffer = new byte[BufferBytes];
    private string _headers = "";
    private int _sections;
    private bool _hasWritten;

    private ModelForm(Stream body, string boundary, BodyShare? share)
    {
        (_reader, _share) = (new MultipartReader(boundary, body), share);
    }

    /// <summary>The value of the field <c>model</c>; null: there is none that is valid.</summary>
    public string? Model { get; private set; }

    /// <summary>Whether more than <see cref="MaxBytesBefore"/> precedes the field <c>model</c>.</summary>
    public bool IsModelLate { get; private set; }

    /// <summary>The bytes of the field <c>file</c> that were read so far.</summary>
    public long FileBytes { get; private set; }

    /// <summary>The content type of what <see cref="WriteAsync"/> writes.</summary>
    public string ContentType => $"multipart/form-data; boundary={_boundary}";

    /// <summary>Reads a form up to its field <c>model</c>; what precedes it waits in a temporary file.</summary>
    /// <param name="body">The body.</param>
    /// <param name="contentType">Its content type, with the boundary.</param>
    /// <param name="share">What the temporary file counts towards; null: nothing.</param>
    /// <param name="cancellationToken">Cancelled when the client disconnects.</param>
    /// <exception cref="BadHttpRequestException">The body is not a form.</exception>
    public static async Task<ModelForm> ReadAsync(
        Stream body,
        string? contentType,
        BodyShare? share,
        CancellationToken cancellationToken
    )
    {
        var form = new ModelForm(body, GetBoundary(contentType), share);
        try
        {
            await form.FindModelAsync(cancellationToken);
            return form;
        }
        catch
        {
            await form.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes the form with the provider's name of the model, as the rest of it arrives.</summary>
    /// <exception cref="BadHttpRequestException">The rest is not a form, or has a second model.</exception>
    public async Task WriteAsync(Stream target, string model, CancellationToken cancellationToken)
    {
        await _before.DrainBufferAsync(target, cancellationToken);
        await WriteHeadersAsync(target, _headers, cancellationToken);
        await target.WriteAsync(Encoding.UTF8.GetBytes(model), cancellationToken);
        while (await ReadSectionAsync(cancellationToken) is { } section)
        {
            if (section.Name == FieldName)
            {
                throw new BadHttpRequestException("The form has the field model twice.");
            }

            await WriteHeadersAsync(target, section.Headers, cancellationToken);
            int read;
            while ((read = await ReadAsync(section.Body, cancellationToken)) > 0)
            {
                FileBytes += section.Name == FileName ? read : 0;
                await target.WriteAsync(_buffer.AsMemory(0, read), cancellationToken);
            }
        }

        await target.WriteAsync(Encoding.UTF8.GetBytes($"\r\n--{_boundary}--\r\n"), cancellationToken);
    }

    public ValueTask DisposeAsync() => _before.DisposeAsync();

    private async Task FindModelAsync(CancellationToken cancellationToken)
    {
        long kept = 0;
        while (await ReadSectionAsync(cancellationToken) is { } section)
        {
            if (section.Name == FieldName)
            {
                (_headers, Model) = (section.Headers, await ReadModelAsync(section.Body, cancellationToken));
                return;
            }

            await WriteHeadersAsync(_before, section.Headers, cancellationToken);
            int read;
            while ((read = await ReadAsync(section.Body, cancellationToken)) > 0)
            {
                if ((kept += read) > MaxBytesBefore)
                {
                    IsModelLate = true;
                    return;
                }

                if (kept > BufferBytes && _share is not null)
                {
                    await _share.AddKeptAsync(read, cancellationToken);
                }

                FileBytes += section.Name == FileName ? read : 0;
                await _before.WriteAsync(_buffer.AsMemory(0, read), cancellationToken);
            }
        }
    }

    private async Task<string?> ReadModelAsync(Stream body, CancellationToken cancellationToken)
    {
        // A character has up to four bytes; a longer value is not the name of a model.
        var length = 0;
        for (int read; length <= TextLimits.MaxName * 4; length += read)
        {
            read = await ReadAsync(body, cancellationToken, length);
            if (read == 0)
            {
                var text = Encoding.UTF8.GetString(_buffer, 0, length);
                return TextLimits.IsName(text) ? text : null;
            }
        }

        return null;
    }

    private async Task<(string Name, string Headers, Stream Body)?> ReadSectionAsync(
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (await _reader.ReadNextSectionAsync(cancellationToken) is not { } section)
            {
                return null;
            }

            if (++_sections > MaxSections)
            {
                throw new BadHttpRequestException($"A form may have {MaxSections} sections.");
            }

            var headers = new StringBuilder();
            foreach (var (name, value) in section.Headers ?? new Dictionary<string, StringValues>())
            {
                headers.Append(name).Append(": ").Append(value.ToString()).Append("\r\n");
            }

            return (GetName(section.ContentDisposition), headers.ToString(), section.Body);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw NotForm(e);
        }
    }

    private async ValueTask<int> ReadAsync(Stream body, CancellationToken cancellationToken, int offset = 0)
    {
        try
        {
            return await body.ReadAsync(_buffer.AsMemory(offset), cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw NotForm(e);
        }
    }

    /// <summary>The name of a section, if every reader of forms finds the same.</summary>
    private static string GetName(string? contentDisposition)
    {
        // RFC 7578 has no name*, and servers unescape backslashes or do not.
        if (
            !ContentDispositionHeaderValue.TryParse(contentDisposition, out var disposition)
            || disposition.Parameters.Count(p => p.Name.StartsWith("name", StringComparison.OrdinalIgnoreCase)) != 1
            || disposition.Parameters.Any(p => p.Name.StartsWith("name*", StringComparison.OrdinalIgnoreCase))
            || (contentDisposition!.Contains('\\') && contentDisposition.Contains(FieldName, StringComparison.Ordinal))
        )
        {
            throw NotForm(null);
        }

        return HeaderUtilities.RemoveQuotes(disposition.Name).ToString().Trim();
    }

    private async Task WriteHeadersAsync(Stream target, string headers, CancellationToken cancellationToken)
    {
        var start = _hasWritten ? "\r\n--" : "--";
        _hasWritten = true;
        await target.WriteAsync(Encoding.UTF8.GetBytes($"{start}{_boundary}\r\n{headers}\r\n"), cancellationToken);
    }

    private static BadHttpRequestException NotForm(Exception? exception) =>
        new("The body is not a form of the type multipart/form-data.", exception!);

    /// <summary>The boundary of a form's sections.</summary>
    /// <exception cref="BadHttpRequestException">The content type is not that of a form with files (415).</exception>
    public static string GetBoundary(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= MaxBoundary } boundary
            ? boundary.ToString()
            : throw new BadHttpRequestException("Not a form.", StatusCodes.Status415UnsupportedMediaType);
}
