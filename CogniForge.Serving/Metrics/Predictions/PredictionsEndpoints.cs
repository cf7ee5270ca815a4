using System.Text.Json;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.ServiceDefaults.Overload;
using CogniForge.Serving.Models;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>The API that records predictions and ground truth.</summary>
internal static class PredictionsEndpoints
{
    /// <summary>A feature of a few bytes becomes a JSON document of its own.</summary>
    public const int BytesPerByte = 24;

    public static void MapPredictions(this IEndpointRouteBuilder model)
    {
        model
            .MapPost("/predictions", Record)
            .WithBodyMemory(BytesPerByte)
            .RequireScope(Scopes.ServingInfer)
            .WithName("RecordPredictions")
            .WithSummary("Record predictions of a version that is served elsewhere; repeated ids are ignored")
            .WithExamples(
                """
                {
                  "source": "checkout", "version": 1, "predictions": [
                    {
                      "id": "order-17", "features": { "months": 24, "plan": "basic" }, "latencyMs": 12.5,
                      "prediction": { "class": "leaves", "scores": { "leaves": 0.8 } }, "groups": { "age": "18-29" }
                    }
                  ]
                }
                """,
                """{ "recorded": 1, "duplicates": 0 }"""
            );
        model
            .MapPost("/ground-truth", RecordGroundTruth)
            .RequireScope(Scopes.ServingInfer)
            .WithName("RecordGroundTruth")
            .WithSummary("Record what became known about predictions; the last record of a prediction wins")
            .WithExamples(
                """
                { "source": "checkout", "items": [{ "id": "order-17", "actual": { "class": "stays" } }] }
                """,
                """{ "recorded": 1 }"""
            );
    }

    public static async Task<Results<Ok<RecordedCount>, ProblemHttpResult>> Record(
        string name,
        RecordPredictionsRequest request,
        IModelStore models,
        IPredictionStore predictions,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        if (FieldErrors.From(PredictionsValidator.Validate(request, now)) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var version =
            await models.FindAsync(name, request.Version, cancellationToken)
            ?? throw RegistryException.UnknownVersion(name, request.Version!.Value);
        if (version.Kind != ModelKind.External)
        {
            return Problems.Create(
                StatusCodes.Status409Conflict,
                $"Version {version.Version} has kind \"{version.Kind}\" and is served here, where its predictions are "
                    + $"captured; only those of kind \"{ModelKind.External}\" are recorded."
            );
        }

        var records = request.Predictions!.Select(p => Read(p!, version, request.Source!, now)).ToList();
        var added = await predictions.AddAsync(records, cancellationToken);
        var truths = records.Where(p => p.Actual is not null).Select(p => new GroundTruth(p.Key, now, p.Actual!, null));
        if (truths.ToList() is { Count: > 0 } known)
        {
            await predictions.AddAsync(known, cancellationToken);
        }

        return TypedResults.Ok(new RecordedCount(added, records.Count - added));
    }

    public static async Task<Results<Ok<GroundTruthCount>, ProblemHttpResult>> RecordGroundTruth(
        string name,
        RecordGroundTruthRequest request,
        IModelStore models,
        IPredictionStore predictions,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (FieldErrors.From(PredictionsValidator.Validate(request)) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        if (await models.FindModelAsync(name, cancellationToken) is null)
        {
            throw RegistryException.UnknownModel(name);
        }

        var now = time.GetUtcNow();
        var source = request.Source ?? Prediction.ServedHere;
        await predictions.AddAsync(
            [
                .. request.Items!.Select(i => new GroundTruth(
                    new(name, source, i!.Id!, i.Row ?? 0),
                    now,
                    i.Actual!,
                    ReadGroups(i.Groups)
                )),
            ],
            cancellationToken
        );
        return TypedResults.Ok(new GroundTruthCount(request.Items!.Count));
    }

    private static Prediction Read(
        RecordedPrediction item,
        ModelVersion version,
        string source,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = OrderedId.Create(now),
            Key = new(version.Name, source, item.Id!, 0),
            Version = version.Version,
            OccurredAt = StoredTime.Truncate(item.OccurredAt ?? now),
            Features = item.Features is null ? null : JsonSerializer.Serialize(item.Features),
            Output = item.Prediction!,
            LatencyMs = item.LatencyMs,
            InputTokens = item.InputTokens,
            OutputTokens = item.OutputTokens,
            LogProbability = item.LogProbability,
            Groups = ReadGroups(item.Groups),
            Actual = item.Actual,
        };

    private static Dictionary<string, string>? ReadGroups(IReadOnlyDictionary<string, string?>? groups) =>
        groups?.ToDictionary(g => g.Key, g => g.Value!);
}
