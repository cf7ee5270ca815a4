using System.Text.Json.Serialization;

namespace CogniForge.Serving.Models;

/// <summary>What people write about a model or a version; absent: unchanged.</summary>
/// <param name="Description">The new description, at most 10,000 characters.</param>
/// <param name="Tags">All labels, which replace the present ones; at most 100.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChangeLabelsRequest(
    string? Description = null,
    IReadOnlyDictionary<string, string?>? Tags = null
);
