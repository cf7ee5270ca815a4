namespace CogniForge.Serving.Models;

/// <summary>An alias stands for another version: the body of the event <see cref="EventType"/>.</summary>
/// <param name="Id">The id of the move.</param>
/// <param name="OccurredAt">When, UTC.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Alias">The alias.</param>
/// <param name="FromVersion">The version before; null: the alias is new.</param>
/// <param name="ToVersion">The version afterwards; null: the alias was deleted.</param>
internal sealed record AliasMoved(
    Guid Id,
    DateTimeOffset OccurredAt,
    string Model,
    string Alias,
    int? FromVersion,
    int? ToVersion
)
{
    public const string EventType = "serving.alias.moved.v1";
}
