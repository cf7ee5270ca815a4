namespace CogniForge.Serving.Models;

/// <summary>A move of an alias.</summary>
/// <param name="Id">The move's id, a UUID version 7.</param>
/// <param name="FromVersion">The version before; null: the alias was new.</param>
/// <param name="ToVersion">The version afterwards; null: the alias was deleted.</param>
/// <param name="IsRollBack">Whether it undid an earlier move.</param>
/// <param name="Actor">The name of the key that moved it.</param>
/// <param name="At">When, UTC.</param>
internal sealed record AliasMoveResponse(
    Guid Id,
    int? FromVersion,
    int? ToVersion,
    bool IsRollBack,
    string Actor,
    DateTimeOffset At
)
{
    public static AliasMoveResponse From(AliasMove move) =>
        new(move.Id, move.FromVersion, move.ToVersion, move.IsRollBack, move.Actor, move.At);
}
