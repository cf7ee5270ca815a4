using System.Text.Json.Serialization;

namespace CogniForge.Serving.Models;

/// <summary>Where an alias moves.</summary>
/// <param name="Version">The number of the version that it stands for from now on.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record MoveAliasRequest(int? Version = null);
