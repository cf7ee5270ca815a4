using CogniForge.Serving.Artifacts;
using CogniForge.Serving.Models;
using CogniForge.Serving.Runners;

namespace CogniForge.Serving.Loading;

/// <summary>Finds what the runner of a version is created from.</summary>
internal sealed class ModelSources(IArtifactStore artifacts, MemberModels members)
{
    public ModelSource Create(ModelVersion version) =>
        new(
            version.Kind,
            version.Definition ?? "{}",
            version.Artifact is null ? null : stop => artifacts.OpenAsync(version, stop),
            version.Endpoint,
            members.InferAsync
        );
}
