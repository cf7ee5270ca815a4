using System.Net.Sockets;

namespace CogniForge.Messaging.RabbitMq;

/// <summary>
/// Closes its socket after <see cref="ReadTimeout"/> without data. RabbitMQ.Client 7 sets it for the handshake and
/// heartbeat, but .NET applies it to synchronous reads only: a silent broker would hold an attempt and its socket
/// forever.
/// </summary>
internal sealed class BoundedNetworkStream : NetworkStream
{
    private readonly Lock _lock = new();
    private readonly Timer _idleTimer;
    private int _readTimeout;
    private bool _isReading;
    private bool _isDisposed;
    private volatile bool _isSilent;

    public BoundedNetworkStream(Socket socket, TimeSpan readTimeout)
        : base(socket)
    {
        _readTimeout = (int)readTimeout.TotalMilliseconds;
        _idleTimer = new Timer(
            static stream => ((BoundedNetworkStream)stream!).Abort(),
            this,
            Timeout.Infinite,
            Timeout.Infinite
        );
    }

    /// <summary>In milliseconds. A new value also applies to the read in progress.</summary>
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
            throw new IOException($"The broker sent no data for {_readTimeout} ms.", new TimeoutException());
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
            _idleTimer.Dispose();
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
            _idleTimer.Change(_isReading && _readTimeout > 0 ? _readTimeout : Timeout.Infinite, Timeout.Infinite);
        }
    }

    private void Abort()
    {
        lock (_lock)
        {
            if (!_isReading || _isDisposed)
            {
                return; // Data has just arrived.
            }

            _isSilent = true;
        }

        Socket.Dispose();
    }
}
