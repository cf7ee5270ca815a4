using System.Threading.Channels;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Runners.Batching;

/// <summary>Runs concurrent requests of a model as one, row by row; see <see cref="BatchingOptions"/>.</summary>
internal sealed class BatchingRunner : IModelRunner
{
    private readonly IModelRunner _runner;
    private readonly BatchingOptions _options;
    private readonly TimeProvider _time;
    private readonly Channel<PendingRequest> _queue;

    public BatchingRunner(IModelRunner runner, BatchingOptions options, TimeProvider time)
    {
        (_runner, _options, _time) = (runner, options, time);
        _queue = Channel.CreateBounded<PendingRequest>(
            new BoundedChannelOptions(options.MaxQueued) { SingleReader = true }
        );
        _ = Task.Run(RunAsync);
    }

    /// <inheritdoc/>
    public string Platform => _runner.Platform;

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Inputs => _runner.Inputs;

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Outputs => _runner.Outputs;

    /// <inheritdoc/>
    public long SizeBytes => _runner.SizeBytes;

    /// <inheritdoc/>
    /// <exception cref="OverloadedException">The queue is full.</exception>
    public async ValueTask<IReadOnlyList<Tensor>> InferAsync(
        InferRequest request,
        CancellationToken cancellationToken
    )
    {
        if (request.Rows >= _options.MaxRows)
        {
            return await _runner.InferAsync(request, cancellationToken);
        }

        var pending = new PendingRequest(request, cancellationToken);
        return _queue.Writer.TryWrite(pending)
            ? await pending.Completion.Task
            : throw new OverloadedException("The queue of the model is full; try again shortly.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _runner.Dispose();
    }

    private async Task RunAsync()
    {
        PendingRequest? next = null;
        while (next is not null || await _queue.Reader.WaitToReadAsync())
        {
            if (next is null && !_queue.Reader.TryRead(out next))
            {
                continue;
            }

            var batch = new List<PendingRequest> { next };
            next = await FillAsync(batch);
            await RunAsync(batch);
        }
    }

    /// <summary>Adds requests until the batch is full or its time is over.</summary>
    /// <returns>A request that belongs to the next batch, if one was read.</returns>
    private async Task<PendingRequest?> FillAsync(List<PendingRequest> batch)
    {
        var rows = batch[0].Request.Rows;
        var started = _time.GetTimestamp();
        while (true)
        {
            while (_queue.Reader.TryRead(out var more))
            {
                if (rows + more.Request.Rows > _options.MaxRows || !Batch.CanJoin(batch[0].Request, more.Request))
                {
                    return more;
                }

                batch.Add(more);
                rows += more.Request.Rows;
            }

            var left = TimeSpan.FromMilliseconds(_options.MaxDelayMs) - _time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero || rows >= _options.MaxRows || !await WaitAsync(left))
            {
                return null;
            }
        }
    }

    private async Task<bool> WaitAsync(TimeSpan delay)
    {
        using var timeout = new CancellationTokenSource(delay, _time);
        try
        {
            return await _queue.Reader.WaitToReadAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task RunAsync(List<PendingRequest> batch)
    {
        foreach (var cancelled in batch.Where(p => p.Cancellation.IsCancellationRequested))
        {
            cancelled.Completion.TrySetCanceled(cancelled.Cancellation);
        }

        batch.RemoveAll(p => p.Completion.Task.IsCompleted);
        if (batch.Count > 1)
        {
            var requests = batch.ConvertAll(p => p.Request);
            try
            {
                var outputs = await _runner.InferAsync(Batch.Join(requests), CancellationToken.None);
                if (Batch.TrySplit(outputs, requests, out var parts))
                {
                    for (var i = 0; i < parts.Count; i++)
                    {
                        batch[i].Completion.TrySetResult(parts[i]);
                    }

                    return;
                }
            }
            catch (InferenceFailedException)
            {
                // One request may be at fault, so each runs alone.
            }
        }

        foreach (var pending in batch)
        {
            try
            {
                pending.Completion.TrySetResult(await _runner.InferAsync(pending.Request, pending.Cancellation));
            }
            catch (Exception e)
            {
                pending.Completion.TrySetException(e);
            }
        }
    }
}
