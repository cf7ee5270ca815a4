using System.Text;
using CogniForge.Llm.Protocols;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CogniForge.Llm.PassThrough;

/// <summary>The field <c>model</c> of a form.</summary>
/// <param name="Offset">Where its value begins in the body, in bytes.</param>
/// <param name="Length">The length of its value in bytes.</param>
/// <param name="Value">The value.</param>
internal sealed record MultipartModel(long Offset, int Length, string Value)
{
    private const int MaxBoundary = 200;

    /// <summary>Reads a form up to its field <c>model</c>; files after it are not read.</summary>
    /// <returns>The field; null: the form has none that is valid.</returns>
    /// <exception cref="BadHttpRequestException">The body is not a form.</exception>
    public static async Task<MultipartModel?> FindAsync(
        Stream seekable,
        string? contentType,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var reader = new MultipartReader(GetBoundary(contentType), seekable);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (
                    ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                    && HeaderUtilities.RemoveQuotes(disposition.Name) == "model"
                )
                {
                    // A character has up to four bytes; a longer value is not the name of a model.
                    var value = new byte[(TextLimits.MaxName * 4) + 1];
                    var read = await section.Body.ReadAtLeastAsync(
                        value,
                        value.Length,
                        throwOnEndOfStream: false,
                        cancellationToken
                    );
                    var text = Encoding.UTF8.GetString(value, 0, read);
                    return TextLimits.IsName(text) && section.BaseStreamOffset is { } offset
                        ? new(offset, read, text)
                        : null;
                }
            }

            return null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The body is not a form of the type multipart/form-data.", e);
        }
    }

    private static string GetBoundary(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= MaxBoundary } boundary
            ? boundary.ToString()
            : throw new BadHttpRequestException("Not a form.", StatusCodes.Status415UnsupportedMediaType);
}
