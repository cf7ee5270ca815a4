using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Mvc;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>The query parameters of every list.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "Bound from a query, never compared.")]
public readonly struct PageQuery
{
    /// <summary>The maximum number of items on a page.</summary>
    public const int MaxLimit = 1000;

    private const int DefaultLimit = 100;

    /// <summary>The maximum number of items on the page, 1 to 1000. Default: 100.</summary>
    [FromQuery(Name = "limit")]
    [Description("The maximum number of items on the page, 1 to 1000. Default: 100.")]
    public int? Limit { get; init; }

    /// <summary>The <c>next</c> of the previous page. Default: the first page.</summary>
    [FromQuery(Name = "cursor")]
    [Description("The `next` of the previous page. Default: the first page.")]
    public string? Cursor { get; init; }

    /// <summary>Validates the query.</summary>
    /// <param name="cursor">The start of the page.</param>
    /// <param name="limit">The maximum number of items.</param>
    /// <returns>The errors; empty if the query is valid.</returns>
    public IReadOnlyList<FieldError> Parse(out Cursor cursor, out int limit)
    {
        var errors = new FieldErrors();
        limit = Limit ?? DefaultLimit;
        if (limit is < 1 or > MaxLimit)
        {
            errors.Add(new("limit", $"must be 1 to {MaxLimit}"));
        }

        if (!Http.Cursor.TryParse(Cursor, out cursor))
        {
            errors.Add(new("cursor", "must be the 'next' of a previous page"));
        }

        return errors;
    }
}
