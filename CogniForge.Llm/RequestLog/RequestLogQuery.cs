using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using CogniForge.Llm.Resilience;
using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Mvc;

namespace CogniForge.Llm.RequestLog;

/// <summary>Which requests of the log a query is about.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "Bound from a query, never compared.")]
internal readonly struct RequestLogQuery
{
    private static readonly string[] _moments =
    [
        "yyyy-MM-dd",
        "yyyy-MM-ddTHH:mmK",
        "yyyy-MM-ddTHH:mm:ssK",
        "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
    ];
    private static readonly string[] _names =
    [
        .. typeof(RequestLogQuery)
            .GetProperties()
            .Select(p => p.GetCustomAttribute<FromQueryAttribute>()?.Name)
            .OfType<string>(),
    ];
    private static readonly string[] _categories = [.. Enum.GetValues<ErrorCategory>().Select(c => c.Name())];

    /// <summary>The id of a key.</summary>
    [FromQuery(Name = "key"), Description("Only requests of this key, by its id.")]
    public string? Key { get; init; }

    /// <summary>An end user.</summary>
    [FromQuery(Name = "user"), Description("Only requests of this end user.")]
    public string? User { get; init; }

    /// <summary>A route.</summary>
    [FromQuery(Name = "route"), Description("Only requests of this route.")]
    public string? Route { get; init; }

    /// <summary>A provider.</summary>
    [FromQuery(Name = "provider"), Description("Only requests that this provider answered.")]
    public string? Provider { get; init; }

    /// <summary>A model.</summary>
    [FromQuery(Name = "model"), Description("Only requests that this model answered, in its provider's words.")]
    public string? Model { get; init; }

    /// <summary>A status.</summary>
    [FromQuery(Name = "status"), Description("Only requests that ended with this HTTP status, 100 to 599.")]
    public int? Status { get; init; }

    /// <summary>A failure.</summary>
    [FromQuery(Name = "error"), Description("Only requests that failed in this way, e.g. `rate_limited`.")]
    public string? Error { get; init; }

    /// <summary>The beginning.</summary>
    [
        FromQuery(Name = "from"),
        Description("Only requests of this moment or later: a day (its beginning, UTC) or a date and time in ISO 8601.")
    ]
    public string? From { get; init; }

    /// <summary>The end.</summary>
    [FromQuery(Name = "to"), Description("Only requests before this moment: likewise.")]
    public string? To { get; init; }

    /// <summary>The request, which may have parameters that there are not.</summary>
    public HttpRequest Request { get; init; }

    /// <summary>Checks the query.</summary>
    /// <param name="filter">Which requests are meant.</param>
    /// <param name="others">The endpoint's parameters beside these.</param>
    /// <returns>The rules that are broken; empty when all is well.</returns>
    public IReadOnlyList<FieldError> Parse(out RequestLogFilter filter, params IReadOnlyList<string> others)
    {
        string[] names = [.. _names, .. others];
        var errors = Request.Query.Unknown(names).ToList();
        filter = new()
        {
            Key = Text("key", Key, errors),
            User = Text("user", User, errors),
            Route = Text("route", Route, errors),
            Provider = Text("provider", Provider, errors),
            Model = Text("model", Model, errors),
            Status = Status,
            Error = Error,
            From = Moment("from", From, errors),
            To = Moment("to", To, errors),
        };
        if (Status is < 100 or > 599)
        {
            errors.Add(new("status", "must be 100 to 599"));
        }

        if (Error is not null && !_categories.Contains(Error))
        {
            errors.Add(new("error", $"must be one of {string.Join(", ", _categories)}"));
        }

        if (filter.From >= filter.To)
        {
            errors.Add(new("from", "must be before to"));
        }

        return errors;
    }

    // Postgres' text has no place for U+0000.
    private static string? Text(string name, string? text, List<FieldError> errors)
    {
        if (text?.Contains('\0') == true)
        {
            errors.Add(new(name, "must not contain U+0000"));
        }

        return text;
    }

    private static DateTimeOffset? Moment(string name, string? text, List<FieldError> errors)
    {
        if (text is null)
        {
            return null;
        }

        if (
            DateTimeOffset.TryParseExact(
                text,
                _moments,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var moment
            )
        )
        {
            return moment;
        }

        errors.Add(new(name, "must be a day or a date and time in ISO 8601, e.g. 2026-11-01 or 2026-11-01T12:00:00Z"));
        return null;
    }
}
