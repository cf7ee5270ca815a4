namespace CogniForge.Serving.Models;

/// <summary>A model was deleted with its versions: the body of the event <see cref="EventType"/>.</summary>
internal sealed record ModelDeleted(Guid Id, DateTimeOffset OccurredAt, string Model)
{
    public const string EventType = "serving.model.deleted.v1";
}
