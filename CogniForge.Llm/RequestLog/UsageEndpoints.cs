using System.ComponentModel;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.OpenApi;

namespace CogniForge.Llm.RequestLog;

internal static class UsageEndpoints
{
    private const string Csv = "text/csv";
    private const int MaxGroups = 10_000;
    private const int MaxDays = 366;
    private const int DefaultDays = 30;

    public static void MapUsage(this IEndpointRouteBuilder endpoints)
    {
        const string Sums = """
            {
              "requests": 1200, "failed": 3, "cached": 40, "inputTokens": 1500000, "outputTokens": 96000,
              "cacheReadTokens": 1100000, "cacheWriteTokens": 0, "reasoningTokens": 0,
              "cost": 0.099, "saved": 0.004, "unpriced": 0, "estimated": 2, "completions": 1190
            }
            """;
        endpoints
            .MapGet("/api/v1/llm/usage", Get)
            .TakesOnly([.. RequestLogQuery.Names, $"{MetadataNames.Prefix}*", "groupBy", "format"])
            .RequireScope(Scopes.Read("llm"))
            .WithTags("Usage")
            .WithName("GetUsage")
            .WithSummary("Get costs and tokens by group, as JSON or, with `format=csv` or `Accept: text/csv`, as CSV")
            .WithDescription(
                "Exact sums over the request log; costs are decimals in USD. `unpriced` counts the requests whose "
                    + "model has no price; their cost is unknown. Groups by `key` also have `keyName`, the current "
                    + "name of the key, even of a revoked one. `from` and `to` must be the start of a day if that day "
                    + "has been rolled up. Filters and groups by `metadata.{name}` count only days that have not been "
                    + "rolled up; `omitsRolledUpDays` says whether there are others."
            )
            .Produces<UsageReport>(StatusCodes.Status200OK, "application/json", Csv)
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    operation.Responses!["200"].Content![Csv].Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                    };
                    return Task.CompletedTask;
                }
            )
            .WithExamples(
                response: $$"""
                {
                  "from": "2026-11-01T00:00:00+00:00", "to": "2026-12-01T00:00:00+00:00",
                  "groupBy": ["key", "model"], "totals": {{Sums}},
                  "groups": [
                    {
                      "group": {
                        "key": "01a1fd55-fb34-7c75-ad65-0084cbb1d99c", "keyName": "support bot", "model": "gpt-6-luna"
                      },
                      "sums": {{Sums}}
                    }
                  ],
                  "omitsRolledUpDays": false
                }
                """
            );
    }

    public static async Task<IResult> Get(
        [AsParameters] RequestLogQuery query,
        [Description(
            "Any of key, user, model, provider, route, project, day (UTC), `metadata.{name}`, separated by commas. "
                + "Default: one group."
        )]
            string? groupBy,
        [Description("`json` or `csv`. Default: by the header Accept, else `json`.")] string? format,
        HttpContext context,
        IRequestLog log,
        ApiKeyQueries keys,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var errors = query.Parse(out var filter);
        var dimensions = UsageDimension.Parse(groupBy, errors);
        if (format is not (null or "json" or "csv"))
        {
            errors.Add(new("format", "must be json or csv"));
        }

        var to = filter.To ?? time.GetUtcNow();
        var from =
            filter.From
            ?? (
                to - DateTimeOffset.MinValue > TimeSpan.FromDays(DefaultDays)
                    ? new(to.UtcDateTime.Date.AddDays(-DefaultDays), TimeSpan.Zero)
                    : DateTimeOffset.MinValue
            );
        if (to - from > TimeSpan.FromDays(MaxDays))
        {
            errors.Add(new("from", $"must be at most {MaxDays} days before to"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var groups = await log.SumAsync(filter with { From = from }, dimensions, MaxGroups + 1, cancellationToken);
        if (groups.Count > MaxGroups)
        {
            return Problems.Invalid([
                new(
                    "groupBy",
                    $"must result in at most {MaxGroups} groups; "
                        + "narrow the filter by from, to or another field, or omit a dimension"
                ),
            ]);
        }

        // Checked last: a day that is not rolled up now had all its entries when they were summed.
        if (
            (
                await ValidateBoundAsync("from", filter.From, log, cancellationToken)
                ?? await ValidateBoundAsync("to", filter.To, log, cancellationToken)
            ) is
            { } within
        )
        {
            return Problems.Invalid([within]);
        }

        var omitsRolledUpDays =
            (filter.Metadata.Count > 0 || dimensions.Any(d => d.Metadata is not null))
            && await log.HasRolledUpAsync(from, to.AddTicks(from < to ? -1 : 0), cancellationToken);
        var table = await UsageTable.CreateAsync(dimensions, groups, keys, cancellationToken);
        return format == "csv" || (format is null && PrefersCsv(context.Request))
            ? new UsageCsv(table, omitsRolledUpDays)
            : TypedResults.Ok(
                new UsageReport(
                    from,
                    to,
                    [.. dimensions.Select(d => d.Name)],
                    groups.Aggregate(UsageSums.None, (a, g) => a.Add(g.Sums)),
                    [
                        .. table.Groups.Select(g => new UsagePart(
                            table.Columns.Zip(g.Values).ToDictionary(v => v.First, v => v.Second),
                            g.Sums
                        )),
                    ],
                    omitsRolledUpDays
                )
            );
    }

    /// <summary>A bound cannot divide a day that has been rolled up.</summary>
    private static async Task<FieldError?> ValidateBoundAsync(
        string name,
        DateTimeOffset? moment,
        IRequestLog log,
        CancellationToken cancellationToken
    ) =>
        moment?.UtcDateTime is { } utc
        && utc.TimeOfDay > TimeSpan.Zero
        && await log.HasRolledUpAsync(utc, utc, cancellationToken)
            ? new(name, $"must be the start of a day (UTC): {utc:yyyy-MM-dd} has been rolled up")
            : null;

    private static bool PrefersCsv(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .Accept.OrderByDescending(a => a.Quality ?? 1)
            .FirstOrDefault()
            ?.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase) == true;
}
