using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Runners.Ensembles;

/// <summary>
/// Asks one member after the other, each for the rows that no earlier one was confident of. The last one that answers
/// decides about the rest.
/// </summary>
internal sealed class Cascade(
    EnsembleDefinition definition,
    IReadOnlyList<EnsembleMember> members,
    Func<EnsembleMember, InferRequest, CancellationToken, Task<MemberOutput>> askAsync
)
{
    public async Task<IReadOnlyList<Tensor>> RunAsync(InferRequest request, CancellationToken cancellationToken)
    {
        var rows = request.Rows;
        if (request.Inputs.Any(i => i.Shape is not [var size, ..] || size != rows))
        {
            throw new InferenceFailedException(
                StatusCodes.Status400BadRequest,
                "The inputs of a cascade must have their rows as first dimension."
            );
        }

        double[,]? result = null;
        var answeredBy = new long[rows];
        int[] pending = [.. Enumerable.Range(0, rows)];
        InferenceFailedException? failure = null;
        for (var i = 0; i < members.Count && pending.Length > 0; i++)
        {
            try
            {
                var part = pending.Length == rows ? request : Select(request, pending);
                var output = await askAsync(members[i], part, cancellationToken);
                var probabilities = output.ReadProbabilities(pending.Length);
                result ??= new double[rows, probabilities.GetLength(1)];
                Means.CheckClasses(members[i], probabilities, result.GetLength(1));
                pending = Accept(result, answeredBy, probabilities, pending, i);
            }
            catch (InferenceFailedException e) when (EnsembleRunner.CanLeaveOut(definition, e))
            {
                failure = e;
            }
        }

        return result is null
            ? throw failure!
            :
            [
                .. Means.Describe(result, definition.Classes),
                new Tensor<long>("member", Datatype.Int64, [rows], answeredBy),
            ];
    }

    /// <summary>Takes the answers of a member, and returns the rows that need another.</summary>
    private int[] Accept(double[,] result, long[] answeredBy, double[,] probabilities, int[] pending, int member)
    {
        var unsure = new List<int>();
        for (var i = 0; i < pending.Length; i++)
        {
            var row = pending[i];
            for (var k = 0; k < result.GetLength(1); k++)
            {
                result[row, k] = probabilities[i, k];
            }

            answeredBy[row] = member;
            if (!(probabilities[i, Means.FindBest(probabilities, i)] >= definition.Threshold))
            {
                unsure.Add(row);
            }
        }

        return [.. unsure];
    }

    private static InferRequest Select(InferRequest request, int[] rows) =>
        request with
        {
            Inputs = [.. request.Inputs.Select(i => i.Join([.. rows.Select(row => i.Slice(row, 1))]))],
        };
}
