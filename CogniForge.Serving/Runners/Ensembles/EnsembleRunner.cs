using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Runners.Ensembles;

/// <summary>Lets versions of other models decide together. All but a cascade ask them in parallel.</summary>
internal sealed class EnsembleRunner(EnsembleDefinition definition, MemberInvoker inferAsync) : IModelRunner
{
    private readonly IReadOnlyList<EnsembleMember> _members = [.. definition.Members!.Select(m => m!)];
    private readonly EnsembleMethod _method = definition.Method!.Value;

    /// <inheritdoc/>
    public string Platform => "cogniforge_ensemble";

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Inputs => [];

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Outputs { get; } =
        definition.Method switch
        {
            EnsembleMethod.MajorityVote => [new("label", Datatype.Bytes, [-1]), new("share", Datatype.Fp64, [-1])],
            EnsembleMethod.SoftVote => DescribeProbabilities(),
            EnsembleMethod.Cascade => [.. DescribeProbabilities(), new("member", Datatype.Int64, [-1])],
            _ => [new("prediction", Datatype.Fp64, [-1])],
        };

    /// <inheritdoc/>
    public long SizeBytes => 0;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Tensor>> InferAsync(
        InferRequest request,
        CancellationToken cancellationToken
    )
    {
        // Members return all their outputs: the requested ones are those of the ensemble.
        var all = request with { Outputs = [], Texts = null };
        if (_method == EnsembleMethod.Cascade)
        {
            return await new Cascade(definition, _members, AskAsync).RunAsync(all, cancellationToken);
        }

        var outputs = await AskAllAsync(all, cancellationToken);
        return _method switch
        {
            EnsembleMethod.MajorityVote => Votes.Count(outputs, definition.Classes, request.Rows),
            EnsembleMethod.SoftVote => Means.Describe(
                Means.AverageProbabilities(outputs, request.Rows),
                definition.Classes
            ),
            _ => Means.Average(outputs),
        };
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private async Task<IReadOnlyList<MemberOutput>> AskAllAsync(
        InferRequest request,
        CancellationToken cancellationToken
    )
    {
        // The first failure ends the others, if it fails the ensemble.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answers = await Task.WhenAll(_members.Select(TryAskAsync));
        cancellationToken.ThrowIfCancellationRequested();
        var failures = answers.Select(a => a.Failure).OfType<InferenceFailedException>().ToList();
        if (failures.Find(f => !CanLeaveOut(definition, f)) is { } failure)
        {
            throw failure;
        }

        var outputs = answers.Select(a => a.Output).OfType<MemberOutput>().ToList();
        return outputs.Count > 0 ? outputs : throw failures[0];

        async Task<(MemberOutput? Output, InferenceFailedException? Failure)> TryAskAsync(EnsembleMember member)
        {
            try
            {
                return (await AskAsync(member, request, ended.Token), null);
            }
            catch (InferenceFailedException e)
            {
                if (!CanLeaveOut(definition, e))
                {
                    await ended.CancelAsync();
                }

                return (null, e);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return (null, null); // another member failed, or the client went away
            }
        }
    }

    private async Task<MemberOutput> AskAsync(
        EnsembleMember member,
        InferRequest request,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return MemberOutput.Select(
                member,
                await inferAsync(member.Model!, member.Version!.Value, request, cancellationToken),
                _method
            );
        }
        catch (OverloadedException e)
        {
            throw new InferenceFailedException(e.Status, e.Message, e);
        }
    }

    /// <summary>Whether the others may decide after a failure: not if the request is wrong.</summary>
    public static bool CanLeaveOut(EnsembleDefinition definition, InferenceFailedException failure) =>
        definition.OnFailure == MemberFailure.LeaveOut
        && failure.Status
            is >= StatusCodes.Status500InternalServerError
                or StatusCodes.Status429TooManyRequests;

    private static IReadOnlyList<TensorMetadata> DescribeProbabilities() =>
        [new("probabilities", Datatype.Fp64, [-1, -1]), new("label", Datatype.Bytes, [-1])];
}
