using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace CogniForge.Bench.Load;

/// <summary>One connection's requests, one after the other. After a failure it goes on with a new connection; when nobody listens any more, it ends.</summary>
/// <param name="request">The request.</param>
/// <param name="pace">Ticks of the stopwatch from one request to the next; 0: the next follows the answer at once.</param>
internal sealed class RequestLoop(PreparedRequest request, long pace)
{
    private const int QuotedBytes = 200;
    private long _due;

    public LatencyHistogram Latency { get; } = new();

    /// <summary>After how long the answers' bodies began.</summary>
    public LatencyHistogram FirstByte { get; } = new();

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
    public void Run(HttpConnection? first, long start, long deadline, CancellationToken cancellationToken)
    {
        _due = start;
        for (var connection = first; connection is not null; connection = Connect())
        {
            using (connection)
            {
                if (!Context(connection, deadline, cancellationToken))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Sends until the time is up (false) or an exchange fails (true).</summary>
    private bool Context(HttpConnection connection, long deadline, CancellationToken cancellationToken)
    {
        var before = Stopwatch.GetTimestamp();
        while (before < deadline && !cancellationToken.IsCancellationRequested)
        {
            if (pace > 0 && !WaitForTurn(ref before, deadline, cancellationToken))
            {
                return false;
            }

            Sent++;
            try
            {
                var (status, body) = connection.Exchange(request.Bytes);
                var after = Stopwatch.GetTimestamp();
                if (status != request.Status)
                {
                    Fail(
                        $"status {status}: {Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, QuotedBytes)])}"
                    );
                }
                else if (after <= deadline)
                {
                    Record(before, connection.FirstByteAt, after);
                }

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

    /// <summary>Waits until the next request is due; false: not before the time is up. A connection that is late sends at once and makes up for it.</summary>
    private bool WaitForTurn(ref long now, long deadline, CancellationToken cancellationToken)
    {
        var due = _due;
        _due += pace;
        if (due >= deadline)
        {
            return false;
        }

        if (due > now)
        {
            cancellationToken.WaitHandle.WaitOne(Stopwatch.GetElapsedTime(now, due));
        }

        now = Stopwatch.GetTimestamp();
        return true;
    }

    private void Record(long sent, long firstByte, long answered)
    {
        Latency.Record((long)Stopwatch.GetElapsedTime(sent, answered).TotalNanoseconds);
        FirstByte.Record((long)Stopwatch.GetElapsedTime(sent, firstByte).TotalNanoseconds);
    }

    private void Fail(string reason)
    {
        Errors++;
        FirstError ??= reason;
    }
}
