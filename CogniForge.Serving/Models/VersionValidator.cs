using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Models;

/// <summary>Validates a version to register, and reads it.</summary>
internal static class VersionValidator
{
    private const int MaxText = 2_000;
    private const int MaxMetrics = 100;
    private const int MaxLineageBytes = 64 * 1024;
    private const decimal MaxPrice = 1_000_000;

    /// <summary>The errors of a version; empty if it is valid.</summary>
    public static IEnumerable<FieldError> Validate(RegisterVersionRequest request) =>
        LabelsValidator
            .Validate(request.Description, request.Tags)
            .Concat(ValidateKind(request))
            .Concat(request.Schema is null ? [] : SchemaValidator.Validate(request.Schema))
            .Concat(ValidatePrice(request.Price))
            .Concat(ValidateLineage(request.Lineage));

    /// <summary>Reads a valid version.</summary>
    public static VersionSpec Read(RegisterVersionRequest request) =>
        new(
            request.Kind!,
            request.Definition is { } definition ? DefinitionValidator.Write(request.Kind!, definition) : null,
            new(request.Task, request.Schema, request.Endpoint, request.Price, request.Lineage),
            request.Description,
            ReadTags(request.Tags)
        );

    /// <summary>Reads valid tags.</summary>
    public static IReadOnlyDictionary<string, string>? ReadTags(IReadOnlyDictionary<string, string?>? tags) =>
        tags?.ToDictionary(t => t.Key, t => t.Value!);

    private static IEnumerable<FieldError> ValidateKind(RegisterVersionRequest request)
    {
        if (request.Kind is not { } kind || !ModelKind.All.Contains(kind))
        {
            yield return new(
                "kind",
                request.Kind is null
                    ? LogisticModelValidator.Required
                    : $"must be one of {string.Join(", ", ModelKind.All)}"
            );
            yield break;
        }

        foreach (var error in DefinitionValidator.Validate(kind, request.Definition))
        {
            yield return error;
        }

        if (kind == ModelKind.Remote)
        {
            if (
                request.Endpoint is not { IsAbsoluteUri: true, Scheme: "http" or "https", UserInfo: "" } endpoint
                || endpoint.OriginalString.Length > MaxText
            )
            {
                yield return new("endpoint", "must be an absolute http or https URL without user information");
            }
        }
        else if (request.Endpoint is not null)
        {
            yield return new("endpoint", $"must be absent for kind \"{kind}\"");
        }
    }

    private static IEnumerable<FieldError> ValidatePrice(ModelPrice? price) =>
        from part in new[]
        {
            ("perRequest", price?.PerRequest),
            ("perThousandTokens", price?.PerThousandTokens),
            ("perSecond", price?.PerSecond),
        }
        where part.Item2 is < 0 or > MaxPrice
        select new FieldError($"price.{part.Item1}", $"must be 0 to {MaxPrice}");

    private static IEnumerable<FieldError> ValidateLineage(ModelLineage? lineage)
    {
        foreach (var error in LabelsValidator.ValidateText("lineage.trainingData", lineage?.TrainingData, MaxText))
        {
            yield return error;
        }

        if (lineage?.Metrics?.Count > MaxMetrics)
        {
            yield return new("lineage.metrics", $"must have at most {MaxMetrics} entries");
        }

        foreach (var (name, value) in lineage?.Metrics?.Take(MaxMetrics) ?? [])
        {
            if (!double.IsFinite(value) || name.Length is 0 or > LabelsValidator.MaxTagName)
            {
                yield return new(
                    $"lineage.metrics.{name}",
                    $"must be finite, and its name must have 1 to {LabelsValidator.MaxTagName} characters"
                );
            }
        }

        if (
            lineage?.Details is { } details
            && (details.ValueKind != JsonValueKind.Object || details.GetRawText().Length > MaxLineageBytes)
        )
        {
            yield return new("lineage.details", $"must be an object of at most {MaxLineageBytes} bytes");
        }
        else if (lineage?.Details is { } storable && !StorableJson.IsValid(storable))
        {
            yield return new("lineage.details", StorableJson.Rule);
        }
    }
}
