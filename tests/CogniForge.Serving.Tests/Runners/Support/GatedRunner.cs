using CogniForge.Serving.Protocol;
using CogniForge.Serving.Runners;

namespace CogniForge.Serving.Tests.Runners.Support;

/// <summary>Returns its inputs, each time after the test lets it.</summary>
internal sealed class GatedRunner : IModelRunner
{
    public SemaphoreSlim Started { get; } = new(0);

    public SemaphoreSlim Gate { get; } = new(0);

    /// <summary>The rows of each call.</summary>
    public List<int> Batches { get; } = [];

    public string Platform => "test_gated";

    public IReadOnlyList<TensorMetadata> Inputs => [];

    public IReadOnlyList<TensorMetadata> Outputs => [];

    public long SizeBytes => 0;

    public async ValueTask<IReadOnlyList<Tensor>> InferAsync(
        InferRequest request,
        CancellationToken cancellationToken
    )
    {
        Batches.Add(request.Rows);
        Started.Release();
        await Gate.WaitAsync(cancellationToken);
        return request.Inputs;
    }

    public void Dispose()
    {
        Started.Dispose();
        Gate.Dispose();
    }
}
