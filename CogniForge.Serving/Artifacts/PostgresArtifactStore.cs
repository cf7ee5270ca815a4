using System.Security.Cryptography;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Models;
using Dapper;
using Npgsql;

namespace CogniForge.Serving.Artifacts;

/// <summary>Keeps artefacts in Postgres, in chunks, so that no transaction waits for a slow client.</summary>
internal sealed class PostgresArtifactStore(Database database, TimeProvider time) : IArtifactStore
{
    private const int ChunkBytes = 1024 * 1024;

    private const string AddChunk = """
        WITH touched AS (UPDATE artifact SET touched_at = $4 WHERE id = $1)
        INSERT INTO artifact_chunk (artifact_id, number, data) VALUES ($1, $2, $3)
        """;

    public async Task<Artifact> WriteAsync(Stream content, string sha256, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        try
        {
            await ExecuteAsync(
                "INSERT INTO artifact (id, touched_at) VALUES (@id, @at)",
                new { id, at = time.GetUtcNow() },
                cancellationToken
            );
            var (actual, bytes) = await WriteChunksAsync(id, content, cancellationToken);
            return actual == sha256 ? new(id, sha256, bytes) : throw new DigestMismatchException(actual);
        }
        catch
        {
            await TryDeleteAsync(id);
            throw;
        }
    }

    public Task<Stream> OpenAsync(ModelVersion version, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(
            new ChunkStream(
                (version.Artifact ?? throw new InvalidOperationException("The version has no artefact.")).Bytes,
                (number, token) => ReadChunkAsync(version.Artifact.Id, number, token)
            )
        );

    public Task DeleteAsync(Guid id, CancellationToken cancellationToken) =>
        ExecuteAsync("DELETE FROM artifact WHERE id = @id", new { id }, cancellationToken);

    public async Task<IReadOnlyList<Guid>> ListAsync(
        DateTimeOffset before,
        Guid after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        [
            .. await database.RunAsync(
                connection =>
                    connection.QueryAsync<Guid>(
                        new CommandDefinition(
                            """
                            SELECT id FROM artifact WHERE touched_at < @before AND id > @after ORDER BY id LIMIT @limit
                            """,
                            new
                            {
                                before,
                                after,
                                limit,
                            },
                            cancellationToken: cancellationToken
                        )
                    ),
                cancellationToken
            ),
        ];

    private async Task<(string Sha256, long Bytes)> WriteChunksAsync(
        Guid id,
        Stream content,
        CancellationToken cancellationToken
    )
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // Not pooled: the database may still read the buffer of an abandoned command.
        var buffer = new byte[ChunkBytes];
        var bytes = 0L;
        for (var number = 0; ; number++)
        {
            var read = await content.ReadAtLeastAsync(
                buffer,
                ChunkBytes,
                throwOnEndOfStream: false,
                cancellationToken
            );
            if (read > 0)
            {
                hash.AppendData(buffer, 0, read);
                bytes += read;
                await AddChunkAsync(id, number, buffer.AsMemory(0, read), cancellationToken);
            }

            if (read < ChunkBytes)
            {
                return (Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
            }
        }
    }

    private Task AddChunkAsync(Guid id, int number, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        database.RunAsync(
            async connection =>
            {
                await using var command = new NpgsqlCommand(AddChunk, connection);
                command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number });
                command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = data });
                command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = time.GetUtcNow().UtcDateTime });
                await command.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken
        );

    private Task<byte[]?> ReadChunkAsync(Guid id, int number, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.QueryFirstOrDefaultAsync<byte[]>(
                    new CommandDefinition(
                        "SELECT data FROM artifact_chunk WHERE artifact_id = @id AND number = @number",
                        new { id, number },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );

    private async Task TryDeleteAsync(Guid id)
    {
        try
        {
            await DeleteAsync(id, CancellationToken.None);
        }
        catch (Exception e) when (TransientFaults.IsOutage(e))
        {
            // The clean-up deletes it later.
        }
    }

    private Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteAsync(
                    new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)
                ),
            cancellationToken
        );
}
