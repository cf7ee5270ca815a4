using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using CogniForge.Llm.Resilience;
using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Mvc;

namespace CogniForge.Llm.RequestLog;

/// <summary>The query parameters that filter the request log.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "Bound from a query, never compared.")]
internal readonly struct RequestLogQuery
{
    private static readonly string[] _formats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-ddTHH:mmK",
        "yyyy-MM-ddTHH:mm:ssK",
        "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
    ];
    private static readonly string[] _categories = [.. Enum.GetValues<ErrorCategory>().Select(c => c.Name())];

    [FromQuery(Name = "key"), Description("Only requests of the API key with this id.")]
    public string? Key { get; init; }

    [FromQuery(Name = "user"), Description("Only requests of this end user.")]
    public string? User { get; init; }

    [FromQuery(Name = "route"), Description("Only requests of this route.")]
    public string? Route { get; init; }

    [FromQuery(Name = "provider"), Description("Only requests to which this provider responded.")]
    public string? Provider { get; init; }

    [FromQuery(Name = "model"), Description("Only requests to which this model responded, by its provider's name.")]
    public string? Model { get; init; }

    [FromQuery(Name = "project"), Description("Only requests of keys of this project.")]
    public string? Project { get; init; }

    /// <summary>The request, whose query also has names of metadata.</summary>
    public HttpRequest? Request { get; init; }

    [FromQuery(Name = "status"), Description("Only requests with this HTTP status, 100 to 599.")]
    public int? Status { get; init; }

    [FromQuery(Name = "error"), Description("Only requests with this category of error, e.g. `rate_limited`.")]
    public string? Error { get; init; }

    [
        FromQuery(Name = "from"),
        Description("Only requests at or after this time: a day (UTC) or a date and time in ISO 8601.")
    ]
    public string? From { get; init; }

    [FromQuery(Name = "to"), Description("Only requests before this time: a day (UTC) or a date and time in ISO 8601.")]
    public string? To { get; init; }

    /// <summary>The names of the parameters.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(RequestLogQuery)
            .GetProperties()
            .Select(p => p.GetCustomAttribute<FromQueryAttribute>()?.Name)
            .OfType<string>(),
    ];

    /// <param name="filter">The filter, if there is no error.</param>
    /// <returns>The errors; empty if the query is valid.</returns>
    public FieldErrors Parse(out RequestLogFilter filter)
    {
        var errors = new FieldErrors();
        filter = new()
        {
            Key = CheckText("key", Key, errors),
            User = CheckText("user", User, errors),
            Route = CheckText("route", Route, errors),
            Provider = CheckText("provider", Provider, errors),
            Model = CheckText("model", Model, errors),
            Project = CheckText("project", Project, errors),
            Metadata = ReadMetadata(errors),
            Status = Status,
            Error = Error,
            From = ParseTime("from", From, errors),
            To = ParseTime("to", To, errors),
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

    private Dictionary<string, string> ReadMetadata(FieldErrors errors)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (parameter, values) in Request?.Query ?? QueryCollection.Empty)
        {
            if (!parameter.StartsWith(MetadataNames.Prefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (MetadataNames.Parse(parameter) is { } name && values is [{ } value])
            {
                metadata[name] = CheckText(parameter, value, errors)!;
            }
            else
            {
                errors.Add(new(parameter, "must name the metadata in 1 to 64 characters, and have one value"));
            }
        }

        return metadata;
    }

    // The type text of Postgres cannot contain U+0000.
    private static string? CheckText(string name, string? text, FieldErrors errors)
    {
        if (text?.Contains('\0') == true)
        {
            errors.Add(new(name, "must not contain U+0000"));
        }

        return text;
    }

    private static DateTimeOffset? ParseTime(string name, string? text, FieldErrors errors)
    {
        if (text is null)
        {
            return null;
        }

        if (
            DateTimeOffset.TryParseExact(
                text,
                _formats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time
            )
        )
        {
            return time;
        }

        errors.Add(new(name, "must be a day or a date and time in ISO 8601, e.g. 2026-11-01 or 2026-11-01T12:00:00Z"));
        return null;
    }
}
