using System.Text.Json.Serialization;

namespace CogniForge.Serving.Models;

/// <summary>The next state of a version.</summary>
/// <param name="State">registered, ready, serving, draining, retired or failed.</param>
/// <param name="Reason">Why, at most 2,000 characters; required for <c>failed</c>.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record MoveVersionRequest(VersionState? State = null, string? Reason = null);
