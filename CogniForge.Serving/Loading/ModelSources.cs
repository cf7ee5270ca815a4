using CogniForge.Serving.Models;
using CogniForge.Serving.Runners;

namespace CogniForge.Serving.Loading;

/// <summary>Finds what the runner of a version is created from.</summary>
internal sealed class ModelSources
{
    public ModelSource Create(ModelVersion version) =>
        new(version.Kind, LogisticDefinition.Write(version.Definition));
}
