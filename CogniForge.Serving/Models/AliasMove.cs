using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.Serving.Models;

/// <summary>A change of an alias. Moves never change.</summary>
/// <param name="Id">A UUID version 7, so ids sort by time.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Alias">The alias.</param>
/// <param name="FromVersion">The version it stood for before; null: it was new.</param>
/// <param name="ToVersion">The version it stands for afterwards; null: it was deleted.</param>
/// <param name="PreviousId">The move to which a roll-back returns; null: there is none.</param>
/// <param name="IsRollBack">Whether it undid the move before it.</param>
/// <param name="Actor">The name of the key that moved it.</param>
/// <param name="At">When, UTC.</param>
internal sealed record AliasMove(
    Guid Id,
    string Model,
    string Alias,
    int? FromVersion,
    int? ToVersion,
    Guid? PreviousId,
    bool IsRollBack,
    string Actor,
    DateTimeOffset At
)
{
    /// <summary>Creates the move of an alias from where it stands.</summary>
    public static AliasMove Create(
        RegistryState state,
        string name,
        string alias,
        int? version,
        Guid? previousId,
        bool isRollBack,
        AuditedRequest request
    )
    {
        // The history is ordered by id, so a move must have a later millisecond than the one before it.
        var earliest = state.Current?.At.AddMilliseconds(1) ?? request.At;
        var at = request.At > earliest ? request.At : earliest;
        return new(
            Guid.CreateVersion7(at),
            name,
            alias,
            state.Current?.ToVersion,
            version,
            previousId,
            isRollBack,
            request.Actor.Name,
            StoredTime.Truncate(at)
        );
    }
}
