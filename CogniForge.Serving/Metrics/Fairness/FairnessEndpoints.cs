using System.ComponentModel;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.Statistics.Fairness;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Metrics.Fairness;

/// <summary>The API for fairness.</summary>
internal static class FairnessEndpoints
{
    private const int MaxGroups = 100;
    private const int MaxNames = 20;

    public static void MapFairness(this IEndpointRouteBuilder model) =>
        model
            .MapGet("/metrics/fairness", Get)
            .TakesOnly("attribute", "positiveClass", "privileged", "from", "to", "version")
            .RequireScope(Scopes.Read("serving"))
            .WithName("GetFairness")
            .WithSummary("Get how the decisions of a window differ between groups")
            .WithExamples(
                response: """
                {
                  "model": "loans", "version": 2, "from": "2026-11-20T00:00:00+00:00",
                  "to": "2026-11-21T00:00:00+00:00", "attribute": "age", "positiveClass": "grant", "rows": 400,
                  "groundTruths": 300, "isTruncated": false,
                  "groups": [
                    {
                      "group": "18-29", "count": 200, "groundTruths": 150, "positives": 75, "selectionRate": 0.4,
                      "truePositiveRate": 0.6, "falsePositiveRate": 0.2
                    },
                    {
                      "group": "30+", "count": 200, "groundTruths": 150, "positives": 75, "selectionRate": 0.6,
                      "truePositiveRate": 0.9, "falsePositiveRate": 0.3
                    }
                  ],
                  "demographicParityDifference": 0.2, "disparateImpactRatio": 0.67,
                  "equalOpportunityDifference": 0.3, "equalOpportunityRatio": 0.67, "equalizedOddsDifference": 0.3,
                  "equalizedOddsRatio": 0.67, "isBelowFourFifths": true, "privileged": null
                }
                """
            );

    public static async Task<Results<Ok<FairnessResponse>, ProblemHttpResult>> Get(
        string name,
        [Description("The protected attribute, as in the groups of the predictions.")] string? attribute,
        [Description("The class whose prediction is a selection. Default: of two classes the last in ordinal order.")]
            string? positiveClass,
        [Description("The group that the others are compared with. Default: none.")] string? privileged,
        [AsParameters] MetricsQuery query,
        MetricsReader metrics,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var errors = query.Parse(name, time.GetUtcNow(), out var window).ToList();
        if (string.IsNullOrEmpty(attribute))
        {
            errors.Add(new("attribute", "is required"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var (predictions, isTruncated) = await metrics.ReadGroupedAsync(window, cancellationToken);
        var rows = (
            from p in predictions
            where p.Groups!.ContainsKey(attribute!)
            select (Actual: p.Actual?.Class, Predicted: p.Output.Class!, Group: p.Groups![attribute!])
        ).ToList();
        if (rows.Count == 0 && predictions.Count > 0)
        {
            var names = predictions.SelectMany(p => p.Groups!.Keys).Distinct().Order(StringComparer.Ordinal);
            return Problems.Invalid([new("attribute", $"must be one of {string.Join(", ", names.Take(MaxNames))}")]);
        }

        var classes = rows.SelectMany(r => new[] { r.Actual, r.Predicted })
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        var positive = positiveClass ?? (classes.Count > 2 ? null : classes is [.., var last] ? last : "");
        if (positive is null)
        {
            return Problems.Invalid([new("positiveClass", $"is required, because there are {classes.Count} classes")]);
        }

        var known = rows.Select(r => r.Group).Distinct().ToList();
        if (known.Count > MaxGroups)
        {
            return Problems.Invalid([new("attribute", $"must have at most {MaxGroups} groups, has {known.Count}")]);
        }

        if (privileged is not null && !known.Contains(privileged))
        {
            return Problems.Invalid([new("privileged", "must be a group that has predictions")]);
        }

        var report = FairnessReport.FromGroups(
            GroupCounts.FromRows(
                [.. rows.Select(r => r.Actual is null ? null : (bool?)(r.Actual == positive))],
                [.. rows.Select(r => r.Predicted == positive)],
                [.. rows.Select(r => r.Group)]
            )
        );
        return TypedResults.Ok(
            FairnessResponse.Create(window, attribute!, positive, report, privileged, isTruncated)
        );
    }
}
