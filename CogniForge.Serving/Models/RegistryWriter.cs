using Dapper;
using Npgsql;

namespace CogniForge.Serving.Models;

/// <summary>Writes a change of the registry to Postgres.</summary>
internal static class RegistryWriter
{
    private const string UpsertModel = """
        INSERT INTO model (id, name, description, tags, last_version, revision, created_at, updated_at)
        VALUES (@Id, @Name, @Description, @tags::json, @LastVersion, @Revision, @CreatedAt, @UpdatedAt)
        ON CONFLICT (name) DO UPDATE SET description = excluded.description, tags = excluded.tags,
            last_version = excluded.last_version, revision = excluded.revision, updated_at = excluded.updated_at
        """;

    private const string UpsertVersion = """
        INSERT INTO model_version (id, name, version, kind, definition, details, artifact_id, artifact_sha256,
            artifact_bytes, description, tags, state, state_reason, stage, revision, created_at, updated_at)
        VALUES (@Id, @Name, @Version, @Kind, @Definition::json, @details::json, @artifactId, @artifactSha256,
            @artifactBytes, @Description, @tags::json, @state, @StateReason, @Stage, @Revision, @CreatedAt, @UpdatedAt)
        ON CONFLICT (id) DO UPDATE SET artifact_id = excluded.artifact_id,
            artifact_sha256 = excluded.artifact_sha256, artifact_bytes = excluded.artifact_bytes,
            description = excluded.description, tags = excluded.tags, state = excluded.state,
            state_reason = excluded.state_reason, stage = excluded.stage, revision = excluded.revision,
            updated_at = excluded.updated_at
        """;

    private const string InsertMove = """
        INSERT INTO model_alias_move
            (id, model, alias, from_version, to_version, previous_id, is_roll_back, actor, at)
        VALUES (@Id, @Model, @Alias, @FromVersion, @ToVersion, @PreviousId, @IsRollBack, @Actor, @At)
        """;

    private const string UpsertAlias = """
        INSERT INTO model_alias (model, alias, version, move_id) VALUES (@Model, @Alias, @ToVersion, @Id)
        ON CONFLICT (model, alias) DO UPDATE SET version = excluded.version, move_id = excluded.move_id
        """;

    private const string DeleteAlias = "DELETE FROM model_alias WHERE model = @Model AND alias = @Alias";

    public static async Task WriteAsync(
        NpgsqlTransaction transaction,
        RegistryChange change,
        CancellationToken cancellationToken
    )
    {
        if (change.DeletedModel is { } model)
        {
            await ExecuteAsync("DELETE FROM model WHERE id = @Id", new { model.Id });
        }

        if (change.DeletedVersion is { } deleted)
        {
            await ExecuteAsync("DELETE FROM model_version WHERE id = @Id", new { deleted.Id });
        }

        if (change.Model is { } m)
        {
            await ExecuteAsync(
                UpsertModel,
                new
                {
                    m.Id,
                    m.Name,
                    m.Description,
                    tags = RegistryJson.Write(m.Tags),
                    m.LastVersion,
                    m.Revision,
                    m.CreatedAt,
                    m.UpdatedAt,
                }
            );
        }

        if (change.Version is { } v)
        {
            await ExecuteAsync(
                UpsertVersion,
                new
                {
                    v.Id,
                    v.Name,
                    v.Version,
                    v.Kind,
                    v.Definition,
                    details = RegistryJson.Write(v.Details),
                    artifactId = v.Artifact?.Id,
                    artifactSha256 = v.Artifact?.Sha256,
                    artifactBytes = v.Artifact?.Bytes,
                    v.Description,
                    tags = RegistryJson.Write(v.Tags),
                    state = VersionRow.Write(v.State),
                    v.StateReason,
                    v.Stage,
                    v.Revision,
                    v.CreatedAt,
                    v.UpdatedAt,
                }
            );
        }

        if (change.Move is { } move)
        {
            await ExecuteAsync(InsertMove, move);
            await ExecuteAsync(move.ToVersion is null ? DeleteAlias : UpsertAlias, move);
        }

        Task ExecuteAsync(string sql, object parameters) =>
            transaction.Connection!.ExecuteAsync(
                new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken)
            );
    }
}
