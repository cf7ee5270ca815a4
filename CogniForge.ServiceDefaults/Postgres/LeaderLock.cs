using System.Data;
using Dapper;
using Npgsql;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>Which replica leads? The answer for periodic jobs that must run on one replica only.</summary>
public interface ILeaderLock
{
    /// <summary>Takes the lead of a job, if no other replica has it.</summary>
    /// <param name="job">The job's name, the same on every replica.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The lead, until it is disposed of or lost; <see langword="null"/> while another replica has it.</returns>
    Task<ILeadership?> TryAcquireAsync(string job, CancellationToken cancellationToken);
}

/// <summary>The lead of a job. Disposing of it gives the lead up.</summary>
public interface ILeadership : IAsyncDisposable
{
    /// <summary>Whether this replica still leads; the database is asked.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task<bool> IsHeldAsync(CancellationToken cancellationToken);
}

/// <summary>A session-level advisory lock: Postgres gives it up by itself when the replica's connection ends, however it ends.</summary>
internal sealed class PostgresLeaderLock(NpgsqlDataSource database) : ILeaderLock
{
    public async Task<ILeadership?> TryAcquireAsync(string job, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var acquired = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                "SELECT pg_try_advisory_lock(hashtextextended('cogniforge.job.' || @job, 0))", new { job }, cancellationToken: cancellationToken));
            if (acquired)
            {
                return new Leadership(connection, job);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    private sealed class Leadership(NpgsqlConnection connection, string job) : ILeadership
    {
        public async Task<bool> IsHeldAsync(CancellationToken cancellationToken)
        {
            // Dapper would open a connection that has broken anew, and on the new one nothing is held.
            if (connection.State != ConnectionState.Open)
            {
                return false;
            }

            try
            {
                return await connection.ExecuteScalarAsync<int>(new CommandDefinition("SELECT 1", cancellationToken: cancellationToken)) == 1;
            }
            catch (Exception e) when (Availability.IsOutage(e))
            {
                return false;
            }
        }

        public async ValueTask DisposeAsync()
        {
            try
            {
                // The connection goes back to the pool alive, so the lock has to be given up by name.
                if (connection.State == ConnectionState.Open)
                {
                    await connection.ExecuteAsync("SELECT pg_advisory_unlock(hashtextextended('cogniforge.job.' || @job, 0))", new { job });
                }
            }
            catch (Exception e) when (Availability.IsOutage(e))
            {
                // The connection is gone, and the lock with it.
            }

            await connection.DisposeAsync();
        }
    }
}

/// <summary>A single process leads always.</summary>
internal sealed class InMemoryLeaderLock : ILeaderLock
{
    public Task<ILeadership?> TryAcquireAsync(string job, CancellationToken cancellationToken) => Task.FromResult<ILeadership?>(new Leadership());

    private sealed class Leadership : ILeadership
    {
        public Task<bool> IsHeldAsync(CancellationToken cancellationToken) => Task.FromResult(true);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
