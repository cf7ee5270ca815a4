using CogniForge.Serving.Artifacts;
using CogniForge.Serving.Models;
using CogniForge.Serving.Runners;
using CogniForge.Serving.Runners.Ensembles;

namespace CogniForge.Serving.Loading;

/// <summary>Finds what the runner of a version is created from.</summary>
internal sealed class ModelSources(IArtifactStore artifacts, MemberInvoker inferMemberAsync)
{
    public ModelSource Create(ModelVersion version) =>
        new(
            version.Kind,
            version.Definition ?? "{}",
            version.Artifact is null ? null : stop => artifacts.OpenAsync(version, stop),
            version.Endpoint,
            inferMemberAsync
        );
}
