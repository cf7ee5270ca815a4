using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>Validates recorded predictions and ground truth.</summary>
internal static class PredictionsValidator
{
    public const int MaxItems = 1_000;
    public const int MaxFeatures = 256;
    public const int MaxName = 200;
    public const int MaxText = 10_000;
    private const int MaxGroups = 20;
    public const int MaxScores = 1_000;
    private const int MaxSource = 64;
    private static readonly TimeSpan _clockSkew = TimeSpan.FromMinutes(5);

    public static IEnumerable<FieldError> Validate(RecordPredictionsRequest request, DateTimeOffset now)
    {
        var errors = ValidateName("source", request.Source, MaxSource);
        errors = request.Version is null
            ? errors.Append(new("version", LogisticModelValidator.Required))
            : errors;
        return errors.Concat(
            ValidateItems("predictions", request.Predictions, (path, item) => Validate(path, item, now))
        );
    }

    public static IEnumerable<FieldError> Validate(RecordGroundTruthRequest request) =>
        (request.Source is null ? [] : ValidateName("source", request.Source, MaxSource)).Concat(
            ValidateItems("items", request.Items, Validate)
        );

    private static IEnumerable<FieldError> ValidateItems<T>(
        string path,
        IReadOnlyList<T?>? items,
        Func<string, T, IEnumerable<FieldError>> validate
    )
        where T : class =>
        items is null ? [new(path, LogisticModelValidator.Required)]
        : items.Count is 0 or > MaxItems ? [new(path, $"must have 1 to {MaxItems} entries, has {items.Count}")]
        : items.SelectMany(
            (item, i) =>
                item is null
                    ? [new FieldError($"{path}[{i}]", LogisticModelValidator.Required)]
                    : validate($"{path}[{i}]", item)
        );

    private static IEnumerable<FieldError> Validate(string path, RecordedPrediction item, DateTimeOffset now) =>
        ValidateName($"{path}.id", item.Id, MaxName)
            .Concat(ValidateOutput($"{path}.prediction", item.Prediction))
            .Concat(ValidateFeatures($"{path}.features", item.Features))
            .Concat(ValidateGroups($"{path}.groups", item.Groups))
            .Concat(item.Actual is null ? [] : ValidateActual($"{path}.actual", item.Actual))
            .Concat(ValidateNumbers(path, item, now));

    private static IEnumerable<FieldError> Validate(string path, GroundTruthItem item) =>
        ValidateName($"{path}.id", item.Id, MaxName)
            .Concat(item.Row < 0 ? [new($"{path}.row", "must be 0 or more")] : [])
            .Concat(ValidateActual($"{path}.actual", item.Actual))
            .Concat(ValidateGroups($"{path}.groups", item.Groups));

    private static IEnumerable<FieldError> ValidateNumbers(string path, RecordedPrediction item, DateTimeOffset now)
    {
        if (item.OccurredAt > now + _clockSkew || item.OccurredAt?.UtcDateTime.Year < 2000)
        {
            yield return new($"{path}.occurredAt", "must be from the year 2000 on and not in the future");
        }

        if (item.LatencyMs is { } latency && !(latency is >= 0 and <= 1e12))
        {
            yield return new($"{path}.latencyMs", "must be 0 to 1e12");
        }

        if (item.InputTokens is < 0 or > int.MaxValue)
        {
            yield return new($"{path}.inputTokens", $"must be 0 to {int.MaxValue}");
        }

        if (item.OutputTokens is < 0 or > int.MaxValue)
        {
            yield return new($"{path}.outputTokens", $"must be 0 to {int.MaxValue}");
        }

        if (item.LogProbability is { } likelihood && !(likelihood is <= 0 and >= -1e12 && item.OutputTokens > 0))
        {
            yield return new($"{path}.logProbability", "must be -1e12 to 0, and outputTokens 1 or more");
        }
    }

    public static IEnumerable<FieldError> ValidateOutput(string path, PredictedOutput? output) =>
        output is null or { Class: null, Scores: null, Number: null, Text: null }
            ? [new(path, "must have class, scores, number or text")]
            : ValidateOutcome(path, output.Class, output.Number, output.Text)
                .Concat(
                    output.Scores?.Count is 0 or > MaxScores
                        ? [new($"{path}.scores", $"must have 1 to {MaxScores} entries")]
                        : (output.Scores ?? new Dictionary<string, double>()).SelectMany(score =>
                            ValidateKey($"{path}.scores", score.Key)
                                .Concat(
                                    score.Value is >= 0 and <= 1
                                        ? []
                                        : [new FieldError($"{path}.scores.{score.Key}", "must be 0 to 1")]
                                )
                        )
                );

    private static IEnumerable<FieldError> ValidateActual(string path, ActualOutput? actual) =>
        actual is null or { Class: null, Number: null, Text: null }
            ? [new(path, "must have class, number or text")]
            : ValidateOutcome(path, actual.Class, actual.Number, actual.Text);

    private static IEnumerable<FieldError> ValidateOutcome(string path, string? name, double? number, string? text) =>
        (name is null ? [] : ValidateName($"{path}.class", name, MaxName))
            .Concat(number is { } n && !double.IsFinite(n) ? [new($"{path}.number", "must be finite")] : [])
            .Concat(LabelsValidator.ValidateText($"{path}.text", text, MaxText));

    public static IEnumerable<FieldError> ValidateFeatures(
        string path,
        IReadOnlyDictionary<string, JsonElement>? features
    ) =>
        features is null ? []
        : features.Count > MaxFeatures ? [new(path, $"must have at most {MaxFeatures} entries")]
        : features.SelectMany(f =>
            ValidateKey(path, f.Key).Concat(IsScalar(f.Value) ? [] : [new($"{path}.{f.Key}", ScalarRule)])
        );

    private static string ScalarRule { get; } =
        $"must be a finite number, a string of at most {MaxName} characters without U+0000, a boolean or null";

    private static bool IsScalar(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object or JsonValueKind.Array => false,
            JsonValueKind.String => StorableJson.IsValid(value) && value.GetString()!.Length <= MaxName,
            _ => StorableJson.IsValid(value),
        };

    private static IEnumerable<FieldError> ValidateGroups(
        string path,
        IReadOnlyDictionary<string, string?>? groups
    ) =>
        groups is null ? []
        : groups.Count > MaxGroups ? [new(path, $"must have at most {MaxGroups} entries")]
        : groups.SelectMany(g =>
            ValidateKey(path, g.Key).Concat(ValidateName($"{path}.{g.Key}", g.Value, MaxName))
        );

    private static IEnumerable<FieldError> ValidateKey(string path, string key) =>
        key.Length is > 0 and <= MaxName && !key.Contains('\0', StringComparison.Ordinal)
            ? []
            : [new(path, $"must have names of 1 to {MaxName} characters without U+0000")];

    private static IEnumerable<FieldError> ValidateName(string path, string? name, int max) =>
        name is null ? [new(path, LogisticModelValidator.Required)]
        : name.Length == 0 ? [new(path, $"must have 1 to {max} characters")]
        : LabelsValidator.ValidateText(path, name, max);
}
