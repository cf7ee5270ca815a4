using System.Text.Json;
using System.Text.Json.Serialization;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Models;

/// <summary>Validates the inline definition of a version by its kind.</summary>
internal static class DefinitionValidator
{
    private const int MaxNameLength = 200;

    private static readonly JsonSerializerOptions _strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public static IEnumerable<FieldError> Validate(string kind, JsonElement? definition)
    {
        if (definition is not { } json)
        {
            return kind is ModelKind.Logistic or ModelKind.Linear or ModelKind.Llm or ModelKind.Ensemble
                ? [new("definition", LogisticModelValidator.Required)]
                : [];
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            return [new("definition", "must be an object")];
        }

        if (!StorableJson.IsValid(json))
        {
            return [new("definition", StorableJson.Rule)];
        }

        return kind switch
        {
            ModelKind.Logistic => ValidateParts(json, isLogistic: true),
            ModelKind.Linear => ValidateParts(json, isLogistic: false),
            ModelKind.Llm => ValidateLlm(json),
            ModelKind.Ensemble => ValidateEnsemble(json),
            ModelKind.Onnx or ModelKind.External =>
            [
                new("definition", $"must be absent for kind \"{kind}\"; upload an artefact"),
            ],
            _ => [],
        };
    }

    /// <summary>The definition as it is stored.</summary>
    public static string Write(string kind, JsonElement definition) =>
        kind == ModelKind.Logistic
            ? LogisticDefinition.Write(LogisticDefinition.Read(definition.GetRawText()))
            : definition.GetRawText();

    /// <summary>
    /// Validates the parts of a linear or logistic model; paths begin with <paramref name="prefix"/>.
    /// </summary>
    public static IEnumerable<FieldError> ValidateParts(
        string prefix,
        bool isLogistic,
        IReadOnlyList<string?>? inputs,
        IReadOnlyList<string?>? classes,
        double? intercept,
        IReadOnlyList<double>? coefficients
    ) =>
        ValidateLengths("inputs", inputs)
            .Concat(ValidateLengths("classes", classes))
            .Concat(LogisticModelValidator.ValidateInputs(inputs))
            .Concat(
                isLogistic ? LogisticModelValidator.ValidateClasses(classes)
                : classes is null ? []
                : [new("classes", "must be absent for kind \"linear\"")]
            )
            .Concat(LogisticModelValidator.ValidateIntercept(intercept))
            .Concat(LogisticModelValidator.ValidateCoefficients(coefficients, inputs))
            .Select(e => e with { Path = prefix + e.Path });

    private static IEnumerable<FieldError> ValidateParts(JsonElement json, bool isLogistic)
    {
        return Read<Parts>(json, out var parts) is { } error
            ? [error]
            : ValidateParts(
                "definition.",
                isLogistic,
                parts!.Inputs,
                parts.Classes,
                parts.Intercept,
                parts.Coefficients
            );
    }

    private static IEnumerable<FieldError> ValidateEnsemble(JsonElement json) =>
        Read<EnsembleDefinition>(json, out var definition) is { } error
            ? [error]
            : EnsembleValidator.Validate(definition!).Select(e => e with { Path = $"definition.{e.Path}" });

    private static FieldError? Read<T>(JsonElement json, out T? definition)
        where T : class
    {
        definition = null;
        try
        {
            definition = json.Deserialize<T>(_strict);
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var path = (e as JsonException)?.Path is { Length: > 2 } p ? $"definition{p[1..]}" : "definition";
            return new(path, "must be as the definition of the kind requires");
        }
    }

    private static IEnumerable<FieldError> ValidateLlm(JsonElement json) =>
        json.TryGetProperty("model", out var model)
        && model.ValueKind == JsonValueKind.String
        && model.ValueEquals("") == false
            ? []
            : [new("definition.model", "must be the name of a model of the gateway")];

    // A response repeats the name of a class for each row.
    private static IEnumerable<FieldError> ValidateLengths(string path, IReadOnlyList<string?>? names) =>
        (names ?? [])
            .Index()
            .Where(n => n.Item?.Length > MaxNameLength)
            .Select(n => new FieldError($"{path}[{n.Index}]", $"must have at most {MaxNameLength} characters"));

    private sealed record Parts(
        IReadOnlyList<string?>? Inputs,
        IReadOnlyList<string?>? Classes,
        double? Intercept,
        IReadOnlyList<double>? Coefficients
    );
}
