using System.Text.Json.Serialization;

namespace CogniForge.Serving.Experiments;

/// <summary>Outcomes to store.</summary>
/// <param name="Outcomes">1 to 1,000 outcomes; all are stored, or none.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RecordOutcomesRequest(IReadOnlyList<Outcome?>? Outcomes = null);
