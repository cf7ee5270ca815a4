using System.Buffers;
using System.Buffers.Text;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>
/// The start of a page: after the item with an id, which is a UUID version 7 and thus ordered by creation. Opaque to
/// clients.
/// </summary>
/// <param name="AfterId">The last id of the previous page; all zeros: from the start.</param>
public readonly record struct Cursor(Guid AfterId)
{
    /// <summary>The cursor of the page after an item.</summary>
    /// <param name="id">The item's id.</param>
    public static Cursor After(Guid id) => new(id);

    /// <summary>Parses a cursor.</summary>
    /// <param name="text">The cursor; null or empty: from the start.</param>
    /// <param name="cursor">The cursor.</param>
    /// <returns>False if the text is not a cursor.</returns>
    public static bool TryParse(string? text, out Cursor cursor)
    {
        cursor = default;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (
            text.Length != 22
            || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done
            || written != 16
        )
        {
            return false;
        }

        cursor = new(new Guid(bytes, bigEndian: true));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Base64Url.EncodeToString(AfterId.ToByteArray(bigEndian: true));
}
