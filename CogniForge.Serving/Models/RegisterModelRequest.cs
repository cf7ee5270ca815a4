using System.Text.Json.Serialization;

namespace CogniForge.Serving.Models;

/// <summary>A model to register.</summary>
/// <param name="Name">1 to 64 lower-case letters, digits and hyphens.</param>
/// <param name="Kind"><c>logistic</c>.</param>
/// <param name="Inputs">The names of the inputs, 1 to 10,000.</param>
/// <param name="Classes">The names of the two classes; the model computes the probability of the second.</param>
/// <param name="Intercept">The log-odds of the second class when all inputs are 0.</param>
/// <param name="Coefficients">The log-odds that one unit of each input adds.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RegisterModelRequest(
    string? Name,
    string? Kind,
    IReadOnlyList<string?>? Inputs,
    IReadOnlyList<string?>? Classes,
    double? Intercept,
    IReadOnlyList<double>? Coefficients
);
