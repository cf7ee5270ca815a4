using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace CogniForge.Bench.Load;

/// <summary>
/// Sends one connection's requests in sequence; reconnects after a failure, ends if it cannot connect.
/// </summary>
/// <param name="request">The request.</param>
/// <param name="pace">Stopwatch ticks from one request to the next; 0 sends the next after each response.</param>
internal sealed class RequestLoop(PreparedRequest request, long pace)
{
    private const int QuotedBytes = 200;
    private long _due;

    public LatencyHistogram Latency { get; } = new();

    /// <summary>The times to the first byte of the responses' bodies.</summary>
    public LatencyHistogram FirstByte { get; } = new();

    public long Sent { get; private set; }

    public long Errors { get; private set; }

    public string? FirstError { get; private set; }

    /// <summary>Connects; null after a failure, which counts as an error.</summary>
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

    /// <summary>Sends until the time is up, starting with the given connection, which it closes.</summary>
    public void Run(HttpConnection? first, long start, long deadline, CancellationToken cancellationToken)
    {
        _due = start;
        for (var connection = first; connection is not null; connection = Connect())
        {
            using (connection)
            {
                if (!SendUntilFailure(connection, deadline, cancellationToken))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Sends until a request fails (true) or the time is up (false).</summary>
    private bool SendUntilFailure(HttpConnection connection, long deadline, CancellationToken cancellationToken)
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

    /// <summary>Waits until the next request is due; false if the time is up first.</summary>
    /// <remarks>A connection that is late sends immediately to catch up.</remarks>
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

    private void Record(long sent, long firstByte, long completed)
    {
        Latency.Record((long)Stopwatch.GetElapsedTime(sent, completed).TotalNanoseconds);
        FirstByte.Record((long)Stopwatch.GetElapsedTime(sent, firstByte).TotalNanoseconds);
    }

    private void Fail(string reason)
    {
        Errors++;
        FirstError ??= reason;
    }
}
