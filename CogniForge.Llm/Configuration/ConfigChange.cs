using System.Text.Json;
using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.Llm.Configuration;

/// <summary>A change of one entry.</summary>
/// <param name="Kind">One of <see cref="ConfigKinds"/>.</param>
/// <param name="Name">The unique name within the kind.</param>
/// <param name="Document">The new content as JSON; null: the entry is deleted.</param>
internal sealed record ConfigChange(string Kind, string Name, string? Document)
{
    /// <summary>The change in the audit.</summary>
    /// <param name="all">All entries before it.</param>
    /// <param name="request">The request that makes it.</param>
    public AuditEntry ToAuditEntry(IReadOnlyList<ConfigEntry> all, AuditedRequest request) =>
        request.ToEntry(
            $"{Kind}s/{Name}",
            Parse(all.FirstOrDefault(e => e.Kind == Kind && e.Name == Name)?.Document),
            Parse(Document)
        );

    private static JsonElement? Parse(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<JsonElement>(json);
}
