namespace CogniForge.Serving.Models;

/// <summary>A version began to serve: the body of the event <see cref="EventType"/>.</summary>
internal sealed record ModelPromoted(Guid Id, DateTimeOffset OccurredAt, string Model, int Version)
{
    public const string EventType = "serving.model.promoted.v1";
}
