using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace CogniForge.Bench.Load;

/// <summary>One connection's requests, one after the other. After a failure it goes on with a new connection; when nobody listens any more, it ends.</summary>
internal sealed class RequestLoop(PreparedRequest request)
{
    private const int QuotedBytes = 200;

    public LatencyHistogram Latency { get; } = new();

    public long Sent { get; private set; }

    public long Errors { get; private set; }

    public string? FirstError { get; private set; }

    /// <summary>Connects; null, and counted, when nobody listens.</summary>
    public HttpConnection? Connect()
    {
        try
        {
            return new(request.Server);
        }
        catch (SocketException e)
        {
            Fail(e.Message);
            return null;
        }
    }

    /// <summary>Sends over that connection, which it closes at the end, until the time is up.</summary>
    public void Run(HttpConnection? first, long deadline, CancellationToken cancellationToken)
    {
        for (var connection = first; connection is not null; connection = Connect())
        {
            using (connection)
            {
                if (!Exchange(connection, deadline, cancellationToken))
                    return;
            }
        }
    }

    /// <summary>Sends until the time is up (false) or an exchange fails (true).</summary>
    private bool Exchange(HttpConnection connection, long deadline, CancellationToken cancellationToken)
    {
        var before = Stopwatch.GetTimestamp();
        while (before < deadline && !cancellationToken.IsCancellationRequested)
        {
            Sent++;
            try
            {
                var (status, body) = connection.Exchange(request.Bytes);
                var after = Stopwatch.GetTimestamp();
                if (status != request.Status)
                    Fail($"status {status}: {Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, QuotedBytes)])}");
                else if (after <= deadline)
                    Latency.Record((long)Stopwatch.GetElapsedTime(before, after).TotalNanoseconds);
                before = after;
            }
            catch (Exception e) when (e is SocketException or InvalidDataException)
            {
                Fail(e.Message);
                return true;
            }
        }

        return false;
    }

    private void Fail(string reason)
    {
        Errors++;
        FirstError ??= reason;
    }
}
