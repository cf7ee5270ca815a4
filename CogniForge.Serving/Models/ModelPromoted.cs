namespace CogniForge.Serving.Models;

/// <summary>The fact that a version began to serve, announced as <see cref="EventType"/>.</summary>
internal sealed record ModelPromoted(Guid Id, DateTimeOffset OccurredAt, string Model, int Version)
{
    public const string EventType = "serving.model.promoted.v1";
}
