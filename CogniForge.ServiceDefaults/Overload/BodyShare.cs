namespace CogniForge.ServiceDefaults.Overload;

/// <summary>
/// What the bodies of a request and of its response take from the share of the key; a feature of requests with a body,
/// and of all requests to endpoints that declare their memory. Not thread-safe.
/// </summary>
public sealed class BodyShare
{
    // The copy that is written, or the values that are read from it.
    private const int BytesPerResponseByte = 2;
    private const int MaxSmallResponse = 64 * 1024;

    private readonly FairShare _bodies;
    private readonly string _key;
    private readonly BodyMemoryMetadata _memory;
    private readonly WorkShare _work;
    private long _received;
    private long _taken;
    private long _response;
    private long _responseTaken;
    private long _kept;
    private long _gaveBack;

    internal BodyShare(FairShare bodies, WorkShare work, string key, BodyMemoryMetadata memory, long bytes) =>
        (_bodies, _work, _key, _memory, _received, _taken) = (bodies, work, key, memory, bytes, memory.Estimate(bytes));

    /// <summary>
    /// Waits for the turn of the key to work on the body. Dispose it before anything else that others of the key have.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="waits">Whether the turn waits for a server for most of its time, so that more run at once.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    /// <exception cref="BadHttpRequestException">
    /// The turn did not come within <see cref="OverloadOptions.MaxWait"/>.
    /// </exception>
    public async ValueTask<WorkTurn> TakeTurnAsync(CancellationToken cancellationToken, bool waits = false)
    {
        var turn = await _work.TakeAsync(_key, waits ? _received / 4 : _received, cancellationToken);
        IsRefused |= turn is null;
        return turn ?? throw _memory.CreateException();
    }

    /// <summary>Whether a turn did not come in time.</summary>
    internal bool IsRefused { get; private set; }

    /// <summary>Gives back what only the work on the body took; call it when the body is read and processed.</summary>
    public void EndWork()
    {
        var kept = Math.Min(_taken, _memory.EstimateKept(_received));
        _bodies.GiveBack(_key, _taken - kept, _kept + _responseTaken == 0 ? this : null);
        _gaveBack += _taken - kept;
        _taken = kept;
        if (kept == 0)
        {
            _received = 0; // a stream of messages, each of which is forgotten
        }
    }

    /// <summary>
    /// Counts bytes of a response that is kept until it is complete, before they are read: waits until earlier requests
    /// of the key need less memory. A small response is not counted.
    /// </summary>
    /// <param name="bytes">The bytes, 0 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async ValueTask AddResponseAsync(long bytes, CancellationToken cancellationToken)
    {
        _response += bytes;
        var more = (_response * BytesPerResponseByte) - _responseTaken;
        if (_response > MaxSmallResponse && more > 0)
        {
            await _bodies.TakeMoreAsync(_key, this, more, cancellationToken);
            _responseTaken += more;
        }
    }

    /// <summary>
    /// Counts memory that the work on the body takes beyond the estimate by its size: waits until earlier requests of
    /// the key need less. <see cref="EndWork"/> gives it back.
    /// </summary>
    /// <param name="bytes">The whole memory in bytes; nothing is taken up to the estimate.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async ValueTask AddWorkAsync(long bytes, CancellationToken cancellationToken)
    {
        var more = bytes - _taken;
        if (more > 0)
        {
            await _bodies.TakeMoreAsync(_key, this, more, cancellationToken);
            _taken += more;
        }
    }

    /// <summary>Counts memory like <see cref="AddWorkAsync"/>; false: the key uses more than its share.</summary>
    public bool TryAddWork(long bytes)
    {
        var more = bytes - _taken;
        if (more > 0 && !_bodies.TryTakeMore(_key, more))
        {
            return false;
        }

        _taken += Math.Max(0, more);
        return true;
    }

    /// <summary>
    /// Counts bytes that are kept until the request ends, before they are stored: waits until earlier requests of the
    /// key keep less.
    /// </summary>
    /// <param name="bytes">The bytes, above 0.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async ValueTask AddKeptAsync(long bytes, CancellationToken cancellationToken)
    {
        await _bodies.TakeMoreAsync(_key, this, bytes, cancellationToken);
        _kept += bytes;
    }

    internal ValueTask<bool> TakeAsync(TimeSpan maxWait, TimeProvider time, CancellationToken cancellationToken) =>
        _bodies.TakeAsync(_key, _taken, maxWait, time, cancellationToken);

    /// <summary>Takes more for bytes that have arrived; false: the key uses more than its share.</summary>
    internal bool TryAdd(int bytes)
    {
        _received += bytes;
        var more = _memory.Estimate(_received) - _taken;
        if (!_bodies.TryTakeMore(_key, more))
        {
            return false;
        }

        _taken += more;
        return true;
    }

    internal void Release()
    {
        _bodies.Release(_key, _taken + _responseTaken + _kept, this);
        LargeGarbage.Shared.Add(_gaveBack + _taken + _responseTaken + _kept);
    }
}
