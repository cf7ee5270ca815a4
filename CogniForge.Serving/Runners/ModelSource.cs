using CogniForge.Serving.Runners.Ensembles;

namespace CogniForge.Serving.Runners;

/// <summary>What a runner is created from.</summary>
/// <param name="Kind">The kind of model, such as <c>xgboost</c>.</param>
/// <param name="Definition">The definition as JSON; its members depend on the kind.</param>
/// <param name="OpenArtifactAsync">Opens the artefact; null if the version has none.</param>
/// <param name="Endpoint">The URL of the model, for kind <c>remote</c>.</param>
/// <param name="InferMemberAsync">Runs versions of other models, for kind <c>ensemble</c>.</param>
internal sealed record ModelSource(
    string Kind,
    string Definition = "{}",
    Func<CancellationToken, Task<Stream>>? OpenArtifactAsync = null,
    Uri? Endpoint = null,
    MemberInvoker? InferMemberAsync = null
);
