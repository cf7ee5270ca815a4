using System.Diagnostics;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>
/// Looks up keys with one query for all that wait, so that a flood of made-up keys costs few queries. Keys that were
/// valid before come first. Thread-safe.
/// </summary>
internal sealed class ApiKeyBatchReader(IApiKeyStore store, TimeProvider time)
{
    private const int MaxBatch = 1_000;
    private const int MaxUnknown = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<LookUp> _known = [];
    private readonly Queue<LookUp> _unknown = [];
    private bool _isReading;

    // The start of the query in progress; 0: none.
    private long _startedAt;

    /// <summary>Whether the query in progress takes longer than a time.</summary>
    public bool HasRunFor(TimeSpan duration) =>
        Volatile.Read(ref _startedAt) is not 0 and var start && time.GetElapsedTime(start) >= duration;

    /// <summary>Finds a key; null if it is unknown.</summary>
    /// <exception cref="OverloadedException">Too many keys that were not valid before wait.</exception>
    public Task<ApiKey?> FindAsync(byte[] hash, bool isKnown)
    {
        var lookUp = new LookUp(hash);
        lock (_lock)
        {
            if (!isKnown && _unknown.Count >= MaxUnknown)
            {
                throw new OverloadedException("Too many unknown API keys are being looked up; try again shortly.");
            }

            (isKnown ? _known : _unknown).Enqueue(lookUp);
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
            while (batch.Count < MaxBatch && (_known.TryDequeue(out var next) || _unknown.TryDequeue(out next)))
            {
                batch.Add(next);
            }

            _isReading = batch.Count > 0;
        }

        return batch;
    }

    private sealed record LookUp(byte[] Hash)
    {
        public TaskCompletionSource<ApiKey?> Result { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
