using System.Text.Json.Serialization;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>A request to replace a key's secret.</summary>
/// <param name="GraceSeconds">The grace period of the old secret in seconds, 0 to 604,800 (a week). Default: 0.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RotateKeyRequest(int? GraceSeconds = null)
{
    internal const int MaxGraceSeconds = 7 * 24 * 60 * 60;
}
