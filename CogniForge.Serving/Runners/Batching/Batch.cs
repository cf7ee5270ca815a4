using System.Diagnostics.CodeAnalysis;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Runners.Batching;

/// <summary>Joins the rows of requests, and divides the outputs.</summary>
internal static class Batch
{
    /// <summary>Whether rows of both requests may be joined: the same inputs but for the number of rows.</summary>
    public static bool CanJoin(InferRequest first, InferRequest second) =>
        first.Inputs.Count == second.Inputs.Count
        && first.Inputs.Zip(second.Inputs).All(pair =>
            pair.First.Name == pair.Second.Name
            && pair.First.Datatype == pair.Second.Datatype
            && pair.First.Shape.Length == pair.Second.Shape.Length
            && pair.First.Shape.Length > 0
            && pair.First.Shape.AsSpan()[1..].SequenceEqual(pair.Second.Shape.AsSpan()[1..])
        )
        && HasRows(first)
        && HasRows(second);

    /// <summary>Joins requests that <see cref="CanJoin"/> accepts.</summary>
    public static InferRequest Join(IReadOnlyList<InferRequest> requests) =>
        new(
            null,
            null,
            [
                .. Enumerable
                    .Range(0, requests[0].Inputs.Count)
                    .Select(i => requests[0].Inputs[i].Join([.. requests.Select(r => r.Inputs[i])])),
            ],
            []
        );

    /// <summary>Divides outputs by the rows of the requests; false if an output does not have all rows.</summary>
    public static bool TrySplit(
        IReadOnlyList<Tensor> outputs,
        IReadOnlyList<InferRequest> requests,
        [NotNullWhen(true)] out IReadOnlyList<IReadOnlyList<Tensor>>? parts
    )
    {
        parts = null;
        var rows = requests.Sum(r => r.Rows);
        if (outputs.Any(output => output.Shape.IsEmpty || output.Shape[0] != rows))
        {
            return false;
        }

        var first = 0;
        var split = new List<IReadOnlyList<Tensor>>(requests.Count);
        foreach (var request in requests)
        {
            split.Add([.. outputs.Select(output => output.Slice(first, request.Rows))]);
            first += request.Rows;
        }

        parts = split;
        return true;
    }

    private static bool HasRows(InferRequest request) => request.Inputs.All(i => i.Shape[0] == request.Rows);
}
