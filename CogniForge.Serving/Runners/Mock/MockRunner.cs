using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Runners.Mock;

/// <summary>Returns its inputs, after a delay or with failures if defined so: for tests and dry runs.</summary>
internal sealed class MockRunner(MockDefinition definition, TimeProvider time) : IModelRunner
{
    /// <inheritdoc/>
    public string Platform => "cogniforge_mock";

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Inputs => [];

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Outputs => [];

    /// <inheritdoc/>
    public long SizeBytes => 0;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Tensor>> InferAsync(
        InferRequest request,
        CancellationToken cancellationToken
    )
    {
        if (definition.DelayMs > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(definition.DelayMs), time, cancellationToken);
        }

        return definition.Error is { } error
            ? throw new InferenceFailedException(StatusCodes.Status502BadGateway, error)
            : request.Inputs;
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
