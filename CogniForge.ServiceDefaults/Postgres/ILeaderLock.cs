using Medallion.Threading;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>Elects the replica that runs a periodic job.</summary>
public interface ILeaderLock
{
    /// <summary>Tries to acquire the lock of a job.</summary>
    /// <param name="job">The job's name, the same on every replica.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The lock, held until disposal or loss; <see langword="null"/> while another replica holds it.</returns>
    Task<IDistributedSynchronizationHandle?> TryAcquireAsync(string job, CancellationToken cancellationToken);
}
