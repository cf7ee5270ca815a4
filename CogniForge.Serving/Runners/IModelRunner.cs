using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Runners;

/// <summary>A loaded version of a model. Thread-safe.</summary>
internal interface IModelRunner : IDisposable
{
    /// <summary>The platform in the model metadata, in the protocol's form "project_format".</summary>
    string Platform { get; }

    /// <summary>The required inputs; empty if the runner accepts any.</summary>
    IReadOnlyList<TensorMetadata> Inputs { get; }

    /// <summary>The outputs; empty if they depend on the request.</summary>
    IReadOnlyList<TensorMetadata> Outputs { get; }

    /// <summary>The approximate memory in bytes that the loaded model takes.</summary>
    long SizeBytes { get; }

    /// <summary>Computes all outputs for a request whose inputs <see cref="InputValidator"/> accepts.</summary>
    /// <exception cref="InferenceFailedException">The model rejects the inputs, or its back end failed.</exception>
    ValueTask<IReadOnlyList<Tensor>> InferAsync(InferRequest request, CancellationToken cancellationToken);
}
