using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace CogniForge.ServiceDefaults;

/// <summary>
/// What a client may cost that reads or sends slowly, or not at all (section <c>CogniForge:Clients</c>).
/// </summary>
public sealed class ClientOptions
{
    // Kestrel and its sockets read ahead, even of bodies that wait or are refused: a megabyte by default.
    private const int RequestBufferBytes = 64 * 1024;

    /// <summary>
    /// How long a response waits for its client to read on before the connection is closed, 1 s to 1 h. Default: 60 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// What is kept of a response for a client that does not read, in bytes, 4 KiB to 16 MiB; beyond it, the response
    /// waits. Default: 64 KiB.
    /// </summary>
    [Range(4 * 1024, 16 * 1024 * 1024)]
    public int ResponseBufferBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// The minimum rate of a request body after its first five seconds, in bytes per second, 1 to 1,000,000. Default:
    /// 240.
    /// </summary>
    [Range(1, 1_000_000)]
    public double MinRequestBytesPerSecond { get; set; } = 240;

    /// <summary>How long a client may take to send the headers of a request, 1 s to 10 min. Default: 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection without a request stays open, 1 s to 1 h. Default: 130 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>
    /// How long the rest of a body is read and discarded after its response, 0 to 10 min: a client that still sends
    /// would otherwise lose the response with the connection. Default: 30 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan UnreadBodyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    internal void Apply(KestrelServerLimits limits)
    {
        limits.MaxRequestBufferSize = RequestBufferBytes;
        limits.MaxResponseBufferSize = ResponseBufferBytes;
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.KeepAliveTimeout = KeepAliveTimeout;
        limits.MinRequestBodyDataRate = new(MinRequestBytesPerSecond, gracePeriod: TimeSpan.FromSeconds(5));
    }

    internal void Apply(SocketTransportOptions sockets)
    {
        sockets.MaxReadBufferSize = RequestBufferBytes;
        sockets.MaxWriteBufferSize = ResponseBufferBytes;
        sockets.CreateBoundListenSocket = endpoint =>
        {
            // Linux would let the buffer of each connection grow to 4 MB; connections inherit that of the listener.
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.SendBufferSize = 2 * ResponseBufferBytes;
            return socket;
        };
    }
}
