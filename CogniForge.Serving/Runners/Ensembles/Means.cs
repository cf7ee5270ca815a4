using System.Globalization;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Runners.Ensembles;

/// <summary>Means of predictions and probabilities.</summary>
internal static class Means
{
    /// <summary>The weighted mean of predictions of the same shape.</summary>
    public static IReadOnlyList<Tensor> Average(IReadOnlyList<MemberOutput> outputs)
    {
        var shape = outputs[0].Tensor.Shape;
        var mean = new double[outputs[0].Tensor.Count];
        var sum = outputs.Sum(o => o.Weight);
        foreach (var output in outputs)
        {
            if (!output.Tensor.Shape.SequenceEqual(shape))
            {
                throw MemberOutput.Fail(
                    output.Member,
                    $"returned the shape {Tensor.Describe(output.Tensor.Shape)}, another {Tensor.Describe(shape)}."
                );
            }

            var values = output.Tensor.AsDoubles();
            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += values[i] * (output.Weight / sum);
            }
        }

        return [new Tensor<double>("prediction", Datatype.Fp64, shape, mean)];
    }

    /// <summary>The weighted mean of probabilities by row and class.</summary>
    public static double[,] AverageProbabilities(IReadOnlyList<MemberOutput> outputs, int rows)
    {
        double[,]? mean = null;
        var sum = outputs.Sum(o => o.Weight);
        foreach (var output in outputs)
        {
            var probabilities = output.ReadProbabilities(rows);
            mean ??= new double[rows, probabilities.GetLength(1)];
            CheckClasses(output.Member, probabilities, mean.GetLength(1));
            for (var row = 0; row < rows; row++)
            {
                for (var k = 0; k < mean.GetLength(1); k++)
                {
                    mean[row, k] += probabilities[row, k] * (output.Weight / sum);
                }
            }
        }

        return mean!;
    }

    /// <summary>The outputs for probabilities: these, and the most probable class, of equal ones the first.</summary>
    public static List<Tensor> Describe(double[,] probabilities, IReadOnlyList<string?>? classes)
    {
        var (rows, columns) = (probabilities.GetLength(0), probabilities.GetLength(1));
        if (classes is not null && classes.Count != columns)
        {
            throw new InferenceFailedException(
                StatusCodes.Status502BadGateway,
                $"The ensemble has {classes.Count} classes, its members {columns}."
            );
        }

        var labels = new string[rows];
        for (var row = 0; row < rows; row++)
        {
            var best = FindBest(probabilities, row);
            labels[row] = classes?[best] ?? best.ToString(CultureInfo.InvariantCulture);
        }

        var flat = new double[rows * columns];
        Buffer.BlockCopy(probabilities, 0, flat, 0, flat.Length * sizeof(double));
        return
        [
            new Tensor<double>("probabilities", Datatype.Fp64, [rows, columns], flat),
            new Tensor<string>("label", Datatype.Bytes, [rows], labels),
        ];
    }

    /// <summary>The most probable class of a row, of equal ones the first.</summary>
    public static int FindBest(double[,] probabilities, int row)
    {
        var best = 0;
        for (var k = 1; k < probabilities.GetLength(1); k++)
        {
            best = probabilities[row, k] > probabilities[row, best] ? k : best;
        }

        return best;
    }

    public static void CheckClasses(EnsembleMember member, double[,] probabilities, int expected)
    {
        if (probabilities.GetLength(1) != expected)
        {
            throw MemberOutput.Fail(member, $"has {probabilities.GetLength(1)} classes, another member {expected}.");
        }
    }
}
