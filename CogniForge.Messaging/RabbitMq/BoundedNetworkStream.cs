using System.Net.Sockets;

namespace CogniForge.Messaging.RabbitMq;

/// <summary>
/// Closes its socket once the other side has sent nothing for <see cref="ReadTimeout"/>. RabbitMQ.Client 7 sets that for the
/// handshake and by the heartbeat, but .NET heeds it in synchronous reads only: a broker that accepts and stays silent would
/// hold each attempt, and its socket, for ever.
/// </summary>
internal sealed class BoundedNetworkStream : NetworkStream
{
    private readonly Lock _lock = new();
    private readonly Timer _silence;
    private int _readTimeout;
    private bool _isReading;
    private bool _isDisposed;
    private volatile bool _isSilent;

    public BoundedNetworkStream(Socket socket, TimeSpan readTimeout)
        : base(socket)
    {
        _readTimeout = (int)readTimeout.TotalMilliseconds;
        _silence = new Timer(
            static stream => ((BoundedNetworkStream)stream!).Abort(),
            this,
            Timeout.Infinite,
            Timeout.Infinite
        );
    }

    /// <summary>In milliseconds. A new value holds for the read that is under way too.</summary>
    public override int ReadTimeout
    {
        get => _readTimeout;
        set
        {
            lock (_lock)
            {
                _readTimeout = value;
                Arm();
            }
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = base.ReadAsync(buffer, cancellationToken);
        if (reading.IsCompleted)
        {
            return await reading;
        }

        SetReading(true);
        try
        {
            return await reading;
        }
        catch (Exception e) when (_isSilent && e is not OperationCanceledException)
        {
            throw new IOException($"The broker has sent nothing for {_readTimeout} ms.", new TimeoutException());
        }
        finally
        {
            SetReading(false);
        }
    }

    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            _isDisposed = true;
            _silence.Dispose();
        }

        base.Dispose(disposing);
    }

    private void SetReading(bool isReading)
    {
        lock (_lock)
        {
            _isReading = isReading;
            Arm();
        }
    }

    private void Arm()
    {
        if (!_isDisposed)
        {
            _silence.Change(_isReading && _readTimeout > 0 ? _readTimeout : Timeout.Infinite, Timeout.Infinite);
        }
    }

    private void Abort()
    {
        lock (_lock)
        {
            if (!_isReading || _isDisposed)
            {
                return; // it has just received something
            }

            _isSilent = true;
        }

        Socket.Dispose();
    }
}
