using System.Collections.Concurrent;
using CogniForge.Analytics.Ingestion;

namespace CogniForge.Analytics.Tests.Ingestion;

/// <summary>A store that holds what arrives until its release.</summary>
internal sealed class HeldEventStore : IUserEventStore
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _names = new();

    public Task AddAsync(IReadOnlyList<UserEvent> events, CancellationToken cancellationToken)
    {
        foreach (var e in events)
        {
            _names.Enqueue(e.Event);
        }

        return _released.Task.WaitAsync(cancellationToken);
    }

    public Task<long> CountAsync(string? name, CancellationToken cancellationToken) =>
        Task.FromResult((long)(name is null ? _names.Count : Count(name)));

    public int Count(string name) => _names.Count(n => n == name);

    public void Release() => _released.SetResult();
}
