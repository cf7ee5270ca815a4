using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>
/// Looks up keys with one query for all that wait, so that a flood of made-up keys costs few queries. Keys that were
/// valid before come first, then the networks in turn, so that a flood holds up only its own network. Thread-safe.
/// </summary>
internal sealed class ApiKeyBatchReader(IApiKeyStore store, TimeProvider time)
{
    private const int MaxBatch = 1_000;
    private const int MaxPerNetwork = 10_000;
    private const int MaxUnknown = 100_000;

    private readonly Lock _lock = new();
    private readonly Queue<LookUp> _known = [];
    private readonly Dictionary<string, Queue<LookUp>> _unknown = [];
    private readonly Queue<string> _turns = [];
    private int _unknownCount;
    private bool _isReading;

    // The start of the query in progress; 0: none.
    private long _startedAt;

    /// <summary>Whether the query in progress takes longer than a time.</summary>
    public bool HasRunFor(TimeSpan duration) =>
        Volatile.Read(ref _startedAt) is not 0 and var start && time.GetElapsedTime(start) >= duration;

    /// <summary>Finds a key; null if it is unknown.</summary>
    /// <param name="hash">The hash of the secret.</param>
    /// <param name="isKnown">Whether the key was valid before.</param>
    /// <param name="network">The client's network, which shares its turn.</param>
    /// <exception cref="OverloadedException">Too many keys that were not valid before wait.</exception>
    public Task<ApiKey?> FindAsync(byte[] hash, bool isKnown, string network)
    {
        var lookUp = new LookUp(hash);
        lock (_lock)
        {
            if (isKnown)
            {
                _known.Enqueue(lookUp);
            }
            else
            {
                AddUnknown(lookUp, network);
            }

            if (!_isReading)
            {
                _isReading = true;
                _ = Task.Run(ReadAsync);
            }
        }

        return lookUp.Result.Task;
    }

    private async Task ReadAsync()
    {
        // The queries serve many requests, so they belong to no trace.
        Activity.Current = null;
        while (Take() is { Count: > 0 } batch)
        {
            try
            {
                Volatile.Write(ref _startedAt, time.GetTimestamp());
                var found = await store.FindAsync([.. batch.Select(l => l.Hash)], CancellationToken.None);
                batch.ForEach(l => l.Result.TrySetResult(found.GetValueOrDefault(Convert.ToHexString(l.Hash))));
            }
            catch (Exception e)
            {
                batch.ForEach(l => l.Result.TrySetException(e));
            }
            finally
            {
                Volatile.Write(ref _startedAt, 0);
            }
        }
    }

    private List<LookUp> Take()
    {
        var batch = new List<LookUp>();
        lock (_lock)
        {
            while (batch.Count < MaxBatch && (_known.TryDequeue(out var next) || TryTakeUnknown(out next)))
            {
                batch.Add(next);
            }

            _isReading = batch.Count > 0;
        }

        return batch;
    }

    private void AddUnknown(LookUp lookUp, string network)
    {
        var waiting = _unknown.GetValueOrDefault(network);
        if (waiting?.Count >= MaxPerNetwork || _unknownCount >= MaxUnknown)
        {
            throw new OverloadedException("Too many unknown API keys are being looked up; try again shortly.");
        }

        if (waiting is null)
        {
            _unknown[network] = waiting = new();
            _turns.Enqueue(network);
        }

        waiting.Enqueue(lookUp);
        _unknownCount++;
    }

    private bool TryTakeUnknown([NotNullWhen(true)] out LookUp? lookUp)
    {
        lookUp = null;
        if (!_turns.TryDequeue(out var network))
        {
            return false;
        }

        var waiting = _unknown[network];
        lookUp = waiting.Dequeue();
        _unknownCount--;
        if (waiting.Count > 0)
        {
            _turns.Enqueue(network);
        }
        else
        {
            _unknown.Remove(network);
        }

        return true;
    }

    private sealed record LookUp(byte[] Hash)
    {
        public TaskCompletionSource<ApiKey?> Result { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
