using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Mvc;

namespace CogniForge.ServiceDefaults.Http;

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
