using System.Text.Json;

namespace CogniForge.Serving.Runners.Linear;

/// <summary>A linear regression: scikit-learn's <c>intercept_</c> and <c>coef_</c>. Immutable.</summary>
/// <param name="Inputs">The names of the inputs; null if they have none.</param>
/// <param name="Intercept">The prediction when all inputs are 0.</param>
/// <param name="Coefficients">What one unit of each input adds.</param>
internal sealed record LinearModel(string[]? Inputs, double? Intercept, double[]? Coefficients)
{
    private const int MaxInputs = 10_000;

    /// <summary>Reads the definition <c>{"inputs"?, "intercept", "coefficients"}</c>.</summary>
    /// <exception cref="ModelLoadException">A part is missing or invalid.</exception>
    public static LinearModel Read(string definition)
    {
        LinearModel? model;
        try
        {
            model = JsonSerializer.Deserialize<LinearModel>(definition, JsonSerializerOptions.Web);
        }
        catch (JsonException e)
        {
            throw new ModelLoadException($"The definition is not a linear model: {e.Message}", e);
        }

        return model switch
        {
            not { Intercept: not null } => throw new ModelLoadException("intercept is required."),
            not { Coefficients.Length: > 0 and <= MaxInputs } => throw new ModelLoadException(
                $"coefficients must have 1 to {MaxInputs} entries."
            ),
            { Inputs: { } inputs, Coefficients: { } c } when inputs.Length != c.Length => throw new ModelLoadException(
                $"coefficients must have as many entries as inputs ({inputs.Length}), has {c.Length}."
            ),
            _ => model,
        };
    }

    /// <summary>Predicts one row, adding from the first input to the last.</summary>
    public double Predict(ReadOnlySpan<double> row)
    {
        var sum = Intercept!.Value;
        for (var i = 0; i < row.Length; i++)
        {
            sum += row[i] * Coefficients![i];
        }

        return sum;
    }
}
