using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Runners.Batching;

/// <summary>A request that waits for its batch.</summary>
internal sealed class PendingRequest(InferRequest request, CancellationToken cancellationToken)
{
    public InferRequest Request => request;

    public CancellationToken Cancellation => cancellationToken;

    public TaskCompletionSource<IReadOnlyList<Tensor>> Completion { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
