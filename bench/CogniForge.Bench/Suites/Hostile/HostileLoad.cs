using System.Net.Sockets;
using CogniForge.Bench.Load;

namespace CogniForge.Bench.Suites.Hostile;

/// <summary>Connections that send a hostile request again and again until disposal, one thread each.</summary>
internal sealed class HostileLoad : IDisposable
{
    private readonly ManualResetEventSlim _stop = new();
    private readonly List<Thread> _threads;
    private long _answered;
    private long _refused;
    private long _failed;

    /// <param name="requests">The requests, in turn over the connections.</param>
    /// <param name="connections">The number of connections.</param>
    public HostileLoad(IReadOnlyList<HostileRequest> requests, int connections)
    {
        _threads =
        [
            .. Enumerable
                .Range(0, connections)
                .Select(i => new Thread(() => Run(requests[i % requests.Count]), maxStackSize: 256 * 1024)
                {
                    IsBackground = true,
                }),
        ];
        _threads.ForEach(t => t.Start());
    }

    /// <summary>The responses: other than 429, 429, and connections that failed or were closed.</summary>
    public (long Answered, long Refused, long Failed) Count =>
        (Volatile.Read(ref _answered), Volatile.Read(ref _refused), Volatile.Read(ref _failed));

    public void Dispose()
    {
        _stop.Set();
        _threads.ForEach(t => t.Join());
        _stop.Dispose();
    }

    private void Run(HostileRequest load)
    {
        while (!_stop.IsSet)
        {
            try
            {
                using var connection = new HttpConnection(load.Request.Server);
                if (load.IsRead)
                {
                    Exchange(connection, load.Request.Bytes);
                }
                else
                {
                    connection.Send(load.Request.Bytes);
                    _stop.Wait();
                }
            }
            catch (Exception e) when (e is SocketException or InvalidDataException)
            {
                // A refused request's connection may be closed while its body is still being sent.
                Interlocked.Increment(ref _failed);
            }
        }
    }

    private void Exchange(HttpConnection connection, byte[] request)
    {
        while (!_stop.IsSet)
        {
            var (status, _) = connection.Exchange(request);
            Interlocked.Increment(ref status == StatusCodes.Status429TooManyRequests ? ref _refused : ref _answered);
        }
    }
}
