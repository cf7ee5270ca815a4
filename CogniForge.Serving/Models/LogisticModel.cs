using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CogniForge.Statistics;

namespace CogniForge.Serving.Models;

/// <summary>The definition of a binary logistic regression on named numeric inputs. Immutable, so safe for concurrent use.</summary>
/// <remarks>The second of the two classes is the one whose probability is computed: scikit-learn's order of <c>classes_</c> with the sign of its <c>coef_</c>.</remarks>
internal sealed class LogisticModel
{
    /// <summary>This sort of model on the wire.</summary>
    public const string Kind = "logistic";

    /// <summary>The most inputs of a model.</summary>
    public const int MaxInputs = 10_000;

    /// <summary>The names of the inputs, in the order of <see cref="Coefficients"/>.</summary>
    public ImmutableArray<string> Inputs { get; }

    /// <summary>The names of the two classes.</summary>
    public ImmutableArray<string> Classes { get; }

    /// <summary>The log-odds of the second class where all inputs are 0.</summary>
    public double Intercept { get; }

    /// <summary>The log-odds that each input adds per unit of it.</summary>
    public ImmutableArray<double> Coefficients { get; }

    private LogisticModel(
        ImmutableArray<string> inputs,
        ImmutableArray<string> classes,
        double intercept,
        ImmutableArray<double> coefficients
    ) => (Inputs, Classes, Intercept, Coefficients) = (inputs, classes, intercept, coefficients);

    /// <summary>Makes the model, or says every rule that its parts break; a part that was not given is null.</summary>
    /// <param name="inputs">1 to <see cref="MaxInputs"/> names, none blank, none twice.</param>
    /// <param name="classes">Two names, neither blank, not the same.</param>
    /// <param name="intercept">A finite number.</param>
    /// <param name="coefficients">A finite number for each input.</param>
    /// <param name="model">The model when all rules hold.</param>
    /// <param name="broken">The broken rules in the order of the parameters; empty when all hold.</param>
    public static bool TryCreate(
        IReadOnlyList<string?>? inputs,
        IReadOnlyList<string?>? classes,
        double? intercept,
        IReadOnlyList<double>? coefficients,
        [NotNullWhen(true)] out LogisticModel? model,
        out IReadOnlyList<BrokenRule> broken
    )
    {
        broken =
        [
            .. LogisticModelRules.OfInputs(inputs),
            .. LogisticModelRules.OfClasses(classes),
            .. LogisticModelRules.OfIntercept(intercept),
            .. LogisticModelRules.OfCoefficients(coefficients, inputs),
        ];
        model = broken.Count == 0 ? new([.. inputs!], [.. classes!], intercept!.Value, [.. coefficients!]) : null;
        return model is not null;
    }

    /// <summary>The probability of the second class and the label for each row.</summary>
    /// <remarks>The label is the second class where its probability exceeds one half, as scikit-learn's <c>predict</c> decides.</remarks>
    /// <param name="features">Rows one after the other, each with a finite number for each input.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of the number of inputs, or a number is NaN.</exception>
    public LogisticScores Score(ReadOnlySpan<double> features)
    {
        var (rows, rest) = Math.DivRem(features.Length, Inputs.Length);
        if (rest != 0)
        {
            throw new ArgumentException(
                $"{features.Length} numbers are no whole rows of {Inputs.Length} inputs.",
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
