namespace CogniForge.Serving.Models;

/// <summary>A new model.</summary>
/// <param name="Name">1 to 64 lower-case letters, digits and hyphens.</param>
/// <param name="Kind"><c>logistic</c>.</param>
/// <param name="Inputs">The names of its inputs, 1 to 10,000.</param>
/// <param name="Classes">The names of its two classes; the second is the one whose probability is given.</param>
/// <param name="Intercept">The log-odds where all inputs are 0.</param>
/// <param name="Coefficients">The log-odds that each input adds per unit of it.</param>
internal sealed record RegisterModelRequest(
    string? Name,
    string? Kind,
    IReadOnlyList<string?>? Inputs,
    IReadOnlyList<string?>? Classes,
    double? Intercept,
    IReadOnlyList<double>? Coefficients
);
