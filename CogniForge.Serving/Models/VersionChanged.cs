namespace CogniForge.Serving.Models;

/// <summary>A version was registered, moved to another state or deleted: the body of three events.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="OccurredAt">When, UTC.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version number.</param>
/// <param name="State">The state afterwards; of a deleted version the last one.</param>
/// <param name="Reason">Why, if a reason was given.</param>
internal sealed record VersionChanged(
    Guid Id,
    DateTimeOffset OccurredAt,
    string Model,
    int Version,
    string State,
    string? Reason
)
{
    public const string RegisteredEventType = "serving.version.registered.v1";
    public const string MovedEventType = "serving.version.moved.v1";
    public const string DeletedEventType = "serving.version.deleted.v1";
}
