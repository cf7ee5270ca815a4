using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Runners.Ensembles;

/// <summary>What a member of an ensemble answered.</summary>
/// <param name="Member">The member.</param>
/// <param name="Tensor">The output that is combined.</param>
internal sealed record MemberOutput(EnsembleMember Member, Tensor Tensor)
{
    public double Weight => Member.Weight ?? 1;

    /// <summary>Selects the output that a method combines.</summary>
    /// <exception cref="InferenceFailedException">The member has no such output.</exception>
    public static MemberOutput Select(EnsembleMember member, IReadOnlyList<Tensor> outputs, EnsembleMethod method)
    {
        var name = member.FindOutput(method, outputs.Select(o => (o.Name, o.Datatype.IsNumeric)));
        return outputs.FirstOrDefault(o => o.Name == name) is { } selected
            ? new(member, selected)
            : throw Fail(
                member,
                $"has no {(method == EnsembleMethod.MajorityVote ? "" : "numeric ")}output"
                    + $"{(member.Output is { } wanted ? $" '{wanted}'" : "")}, only "
                    + $"{string.Join(", ", outputs.Select(o => o.Name))}."
            );
    }

    /// <summary>The probabilities by row and class; one number per row is that of the second of two classes.</summary>
    /// <exception cref="InferenceFailedException">The output has another shape.</exception>
    public double[,] ReadProbabilities(int rows)
    {
        var values = Tensor.AsDoubles();
        var columns = values.Length / rows;
        if (Tensor.Shape is not ([_] or [_, _]) || Tensor.Shape[0] != rows)
        {
            throw Fail(Member, $"returned probabilities of shape {Tensor.Describe(Tensor.Shape)} for {rows} rows.");
        }

        var result = new double[rows, Math.Max(2, columns)];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns && columns > 1; column++)
            {
                result[row, column] = values[(row * columns) + column];
            }

            if (columns == 1)
            {
                (result[row, 0], result[row, 1]) = (1 - values[row], values[row]);
            }
        }

        return result;
    }

    /// <summary>The error of a member whose answer cannot be combined.</summary>
    public static InferenceFailedException Fail(EnsembleMember member, string reason) =>
        new(StatusCodes.Status502BadGateway, $"Version {member.Version} of model '{member.Model}' {reason}");
}
