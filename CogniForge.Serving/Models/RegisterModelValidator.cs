using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Models;

/// <summary>Validates a model to register with its first version.</summary>
internal static class RegisterModelValidator
{
    public static FieldErrors Validate(RegisterModelRequest request)
    {
        var errors = LabelsValidator.Validate(request.Description, request.Tags);
        if (!ModelName.IsValid(request.Name))
        {
            errors = errors.Append(
                new("name", request.Name is null ? LogisticModelValidator.Required : ModelName.Rule)
            );
        }

        if (request.IsShort)
        {
            errors = errors
                .Concat(
                    DefinitionValidator.ValidateParts(
                        "",
                        isLogistic: request.Kind != ModelKind.Linear,
                        request.Inputs,
                        request.Classes,
                        request.Intercept,
                        request.Coefficients
                    )
                )
                .Concat(
                    request.Definition is null
                        ? []
                        : [new FieldError("definition", "must be absent beside inputs, classes and coefficients")]
                )
                .Concat(
                    request.Kind is null ? [new("kind", LogisticModelValidator.Required)]
                    : request.Kind is ModelKind.Logistic or ModelKind.Linear ? []
                    : [new("kind", $"must be \"{ModelKind.Logistic}\" or \"{ModelKind.Linear}\" beside inputs")]
                );
        }

        var all = FieldErrors.From(errors);
        if (!request.HasVersion || (request.IsShort && all.Count > 0))
        {
            return all;
        }

        return FieldErrors.From(all.Concat(VersionValidator.Validate(ToVersion(request))));
    }

    /// <summary>Reads the first version of a valid request; null: it has none.</summary>
    public static VersionSpec? Read(RegisterModelRequest request) =>
        request.HasVersion ? VersionValidator.Read(ToVersion(request)) : null;

    private static RegisterVersionRequest ToVersion(RegisterModelRequest request) =>
        request.IsShort ? request.ToVersion() with { Definition = Define(request) } : request.ToVersion();

    private static JsonElement Define(RegisterModelRequest request)
    {
        string[] inputs = [.. request.Inputs!.Select(n => n!)];
        double[] coefficients = [.. request.Coefficients!];
        return request.Kind == ModelKind.Linear
            ? JsonSerializer.SerializeToElement(
                new LinearDefinition(inputs, request.Intercept!.Value, coefficients),
                JsonSerializerOptions.Web
            )
            : JsonSerializer.SerializeToElement(
                new LogisticDefinition(
                    inputs,
                    [.. request.Classes!.Select(n => n!)],
                    request.Intercept!.Value,
                    coefficients
                ),
                JsonSerializerOptions.Web
            );
    }
}
