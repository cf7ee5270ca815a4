using System.Buffers;
using System.Buffers.Text;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Mvc;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>A part of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The items, in the list's order.</param>
/// <param name="Next">The <c>cursor</c> of the next page; <see langword="null"/> on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Makes pages.</summary>
public static class Page
{
    /// <summary>A page from one item more than it may hold: that one tells whether there is a next page.</summary>
    /// <typeparam name="T">What is listed.</typeparam>
    /// <param name="itemsAndOneMore">Up to <paramref name="limit"/> + 1 items.</param>
    /// <param name="limit">How many items the page may hold.</param>
    /// <param name="cursor">The cursor that continues behind an item.</param>
    public static Page<T> Of<T>(IReadOnlyList<T> itemsAndOneMore, int limit, Func<T, Cursor> cursor) =>
        itemsAndOneMore.Count <= limit
            ? new(itemsAndOneMore, null)
            : new([.. itemsAndOneMore.Take(limit)], cursor(itemsAndOneMore[limit - 1]).ToString());
}

/// <summary>Where a page begins: behind the item of an id (UUID version 7, so the order is that of creation, to the millisecond). Opaque to clients.</summary>
/// <param name="AfterId">The last id of the page before; all zeros: from the start.</param>
public readonly record struct Cursor(Guid AfterId)
{
    /// <summary>The cursor that continues behind an item.</summary>
    /// <param name="id">The item's id.</param>
    public static Cursor After(Guid id) => new(id);

    /// <summary>Reads a cursor that a client sent back.</summary>
    /// <param name="text">The cursor; null or empty: from the start.</param>
    /// <param name="cursor">The cursor.</param>
    /// <returns>False when the text is none of ours.</returns>
    public static bool TryParse(string? text, out Cursor cursor)
    {
        cursor = default;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (text.Length != 22 || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written != 16)
        {
            return false;
        }

        cursor = new(new Guid(bytes, bigEndian: true));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Base64Url.EncodeToString(AfterId.ToByteArray(bigEndian: true));
}

/// <summary>The query of every list.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "Bound from a query, never compared.")]
public readonly struct PageQuery
{
    /// <summary>The most items of a page.</summary>
    public const int MaxLimit = 1000;

    private const int DefaultLimit = 100;

    /// <summary>How many items, 1 to 1000. Default: 100.</summary>
    [FromQuery(Name = "limit")]
    [Description("How many items, 1 to 1000. Default: 100.")]
    public int? Limit { get; init; }

    /// <summary>The <c>next</c> of the page before. Default: the first page.</summary>
    [FromQuery(Name = "cursor")]
    [Description("The `next` of the page before. Default: the first page.")]
    public string? Cursor { get; init; }

    /// <summary>Checks the query.</summary>
    /// <param name="cursor">Where to begin.</param>
    /// <param name="limit">How many items.</param>
    /// <returns>The rules that are broken; empty when all is well.</returns>
    public IReadOnlyList<FieldError> Parse(out Cursor cursor, out int limit)
    {
        var errors = new List<FieldError>();
        limit = Limit ?? DefaultLimit;
        if (limit is < 1 or > MaxLimit)
        {
            errors.Add(new("limit", $"must be 1 to {MaxLimit}"));
        }

        if (!Http.Cursor.TryParse(Cursor, out cursor))
        {
            errors.Add(new("cursor", "must be the 'next' of another page"));
        }

        return errors;
    }
}
