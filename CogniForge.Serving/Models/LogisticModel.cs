using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Statistics;

namespace CogniForge.Serving.Models;

/// <summary>A binary logistic regression on named numeric inputs. Immutable, so thread-safe.</summary>
/// <remarks>
/// It computes the probability of the second class: the order of scikit-learn's <c>classes_</c> and the sign of its
/// <c>coef_</c>.
/// </remarks>
internal sealed class LogisticModel
{
    /// <summary>The value of <c>kind</c> on the wire.</summary>
    public const string Kind = "logistic";

    /// <summary>The maximum number of inputs.</summary>
    public const int MaxInputs = 10_000;

    /// <summary>The names of the inputs, in the order of <see cref="Coefficients"/>.</summary>
    public ImmutableArray<string> Inputs { get; }

    /// <summary>The names of the two classes.</summary>
    public ImmutableArray<string> Classes { get; }

    /// <summary>The log-odds of the second class when all inputs are 0.</summary>
    public double Intercept { get; }

    /// <summary>The log-odds that one unit of each input adds.</summary>
    public ImmutableArray<double> Coefficients { get; }

    private LogisticModel(
        ImmutableArray<string> inputs,
        ImmutableArray<string> classes,
        double intercept,
        ImmutableArray<double> coefficients
    ) => (Inputs, Classes, Intercept, Coefficients) = (inputs, classes, intercept, coefficients);

    /// <summary>Creates the model, or returns the errors; pass null for a part that was not sent.</summary>
    /// <param name="inputs">1 to <see cref="MaxInputs"/> unique names, none blank.</param>
    /// <param name="classes">Two different names, neither blank.</param>
    /// <param name="intercept">A finite number.</param>
    /// <param name="coefficients">A finite number for each input.</param>
    /// <param name="model">The model, if all parts are valid.</param>
    /// <param name="errors">The errors in the order of the parameters; empty if all parts are valid.</param>
    public static bool TryCreate(
        IReadOnlyList<string?>? inputs,
        IReadOnlyList<string?>? classes,
        double? intercept,
        IReadOnlyList<double>? coefficients,
        [NotNullWhen(true)] out LogisticModel? model,
        out IReadOnlyList<FieldError> errors
    )
    {
        errors = FieldErrors.From(
            LogisticModelValidator
                .ValidateInputs(inputs)
                .Concat(LogisticModelValidator.ValidateClasses(classes))
                .Concat(LogisticModelValidator.ValidateIntercept(intercept))
                .Concat(LogisticModelValidator.ValidateCoefficients(coefficients, inputs))
        );
        model = errors.Count == 0 ? new([.. inputs!], [.. classes!], intercept!.Value, [.. coefficients!]) : null;
        return model is not null;
    }

    /// <summary>Computes the probability of the second class and the label for each row.</summary>
    /// <remarks>
    /// The label is the second class if its probability exceeds 0.5, as scikit-learn's <c>predict</c> decides.
    /// </remarks>
    /// <param name="features">The rows, one after the other, each with a finite number for each input.</param>
    /// <exception cref="ArgumentException">
    /// The length is not a multiple of the number of inputs, or a number is NaN.
    /// </exception>
    public LogisticScores Score(ReadOnlySpan<double> features)
    {
        var (rows, rest) = Math.DivRem(features.Length, Inputs.Length);
        if (rest != 0)
        {
            throw new ArgumentException(
                $"{features.Length} numbers do not make whole rows of {Inputs.Length} inputs.",
                nameof(features)
            );
        }

        var probabilities = new double[rows];
        var labels = new string[rows];
        for (var row = 0; row < rows; row++)
        {
            var probability = Logistic.Probability(
                features.Slice(row * Inputs.Length, Inputs.Length),
                Coefficients.AsSpan(),
                Intercept
            );
            probabilities[row] = probability;
            labels[row] = Classes[probability > 0.5 ? 1 : 0];
        }

        return new(probabilities, labels);
    }
}
