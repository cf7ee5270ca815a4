using System.Text.Json.Serialization;

namespace CogniForge.Serving.Experiments;

/// <summary>An experiment to create, as a draft.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CreateExperimentRequest : ChangeExperimentRequest
{
    /// <summary>1 to 64 letters, digits, hyphens and underscores, beginning with a letter.</summary>
    public string? Name { get; init; }

    /// <summary>The name of the model whose versions are compared.</summary>
    public string? Model { get; init; }
}
