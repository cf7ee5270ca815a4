using System.Text.Json;

namespace CogniForge.Serving.Models;

/// <summary>The definition of a linear regression: intercept plus coefficients times inputs.</summary>
/// <param name="Inputs">The names of the inputs, in the order of <paramref name="Coefficients"/>.</param>
/// <param name="Intercept">The output when all inputs are 0.</param>
/// <param name="Coefficients">What one unit of each input adds.</param>
internal sealed record LinearDefinition(string[] Inputs, double Intercept, double[] Coefficients)
{
    public static LinearDefinition Read(string json) =>
        JsonSerializer.Deserialize<LinearDefinition>(json, JsonSerializerOptions.Web)!;
}
