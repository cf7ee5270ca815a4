using System.Text.Json;
using System.Text.Json.Serialization;

namespace CogniForge.Serving.Experiments;

/// <summary>The unit to assign.</summary>
/// <param name="UnitId">Its stable id, 1 to 256 characters.</param>
/// <param name="Attributes">
/// At most 100 attributes, to which targeting rules and covariates refer: strings, numbers or booleans.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AssignUnitRequest(
    string? UnitId = null,
    IReadOnlyDictionary<string, JsonElement>? Attributes = null
);
