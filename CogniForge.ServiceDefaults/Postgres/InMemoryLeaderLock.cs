using Medallion.Threading;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>Always succeeds: a single process has no rivals.</summary>
internal sealed class InMemoryLeaderLock : ILeaderLock
{
    public Task<IDistributedSynchronizationHandle?> TryAcquireAsync(string job, CancellationToken cancellationToken) =>
        Task.FromResult<IDistributedSynchronizationHandle?>(new Lead());

    private sealed class Lead : IDistributedSynchronizationHandle
    {
        public CancellationToken HandleLostToken => CancellationToken.None;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
