using Medallion.Threading;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>Which replica leads? The answer for periodic jobs that must run on one replica only.</summary>
public interface ILeaderLock
{
    /// <summary>Takes the lead of a job, if no other replica has it.</summary>
    /// <param name="job">The job's name, the same on every replica.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The lead, until it is disposed of or lost; <see langword="null"/> while another replica has it.</returns>
    Task<IDistributedSynchronizationHandle?> TryAcquireAsync(string job, CancellationToken cancellationToken);
}
