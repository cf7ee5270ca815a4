namespace CogniForge.Serving.Models;

/// <summary>A row of the table model_alias_move.</summary>
internal sealed record AliasMoveRow(
    Guid Id,
    string Model,
    string Alias,
    int? FromVersion,
    int? ToVersion,
    Guid? PreviousId,
    bool IsRollBack,
    string Actor,
    DateTime At
)
{
    public const string Columns = """
        id, model, alias, from_version AS FromVersion, to_version AS ToVersion, previous_id AS PreviousId,
        is_roll_back AS IsRollBack, actor, at
        """;

    public AliasMove ToMove() =>
        new(Id, Model, Alias, FromVersion, ToVersion, PreviousId, IsRollBack, Actor, At);
}
