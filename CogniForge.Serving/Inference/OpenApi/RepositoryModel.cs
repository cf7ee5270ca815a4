using System.Globalization;
using CogniForge.Serving.Loading;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>A model of the repository index.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="Version">The version of the model.</param>
/// <param name="State">The state of the model in this replica: READY, LOADING or UNAVAILABLE.</param>
/// <param name="Reason">The reason, if any, that the model is in the current state.</param>
internal sealed record RepositoryModel(string Name, string Version, string State, string Reason)
{
    public const string Ready = "READY";

    public static RepositoryModel From(ModelVersion version, ModelState state, string reason) =>
        new(
            version.Name,
            version.Version.ToString(CultureInfo.InvariantCulture),
            state switch
            {
                ModelState.Ready => Ready,
                ModelState.Loading => "LOADING",
                _ => "UNAVAILABLE",
            },
            state == ModelState.Unloaded ? "unloaded" : reason
        );
}
