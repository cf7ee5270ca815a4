using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Runners.Ensembles;

/// <summary>Runs a version of another model, and returns all its outputs.</summary>
/// <exception cref="InferenceFailedException">
/// It does not exist, cannot be loaded, rejects the inputs or failed.
/// </exception>
internal delegate Task<IReadOnlyList<Tensor>> MemberInvoker(
    string model,
    int version,
    InferRequest request,
    CancellationToken cancellationToken
);
