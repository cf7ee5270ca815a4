using System.Text.Json.Serialization;

namespace CogniForge.Serving.Models;

/// <summary>The definition of an ensemble.</summary>
/// <param name="Method">How the members are combined.</param>
/// <param name="Members">The members, 2 to 20; of a cascade in the order in which they are asked.</param>
/// <param name="OnFailure">What happens when a member fails. Default: the ensemble fails.</param>
/// <param name="Classes">The names of the classes in the order of the probabilities. Default: 0, 1, …</param>
/// <param name="Threshold">
/// The probability from which on a row of a cascade needs no further member, above 0 and up to 1.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record EnsembleDefinition(
    EnsembleMethod? Method = null,
    IReadOnlyList<EnsembleMember?>? Members = null,
    MemberFailure OnFailure = MemberFailure.Fail,
    IReadOnlyList<string?>? Classes = null,
    double? Threshold = null
);
