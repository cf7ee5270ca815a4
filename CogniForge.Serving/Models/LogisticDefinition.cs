using System.Text.Json;

namespace CogniForge.Serving.Models;

/// <summary>The stored form of a logistic model.</summary>
internal sealed record LogisticDefinition(string[] Inputs, string[] Classes, double Intercept, double[] Coefficients)
{
    public static string Write(LogisticModel model) =>
        JsonSerializer.Serialize(
            new LogisticDefinition([.. model.Inputs], [.. model.Classes], model.Intercept, [.. model.Coefficients]),
            JsonSerializerOptions.Web
        );

    public static LogisticModel Read(string json)
    {
        var stored = JsonSerializer.Deserialize<LogisticDefinition>(json, JsonSerializerOptions.Web)!;
        return LogisticModel.TryCreate(
            stored.Inputs,
            stored.Classes,
            stored.Intercept,
            stored.Coefficients,
            out var model,
            out var errors
        )
            ? model
            : throw new InvalidOperationException(
                $"The stored model is invalid: {string.Join(" ", errors.Select(e => $"{e.Path} {e.Rule}."))}"
            );
    }
}
