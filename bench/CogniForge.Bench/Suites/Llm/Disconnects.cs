using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CogniForge.Bench.Load;
using CogniForge.Bench.Measuring;
using CogniForge.Bench.Reporting;

namespace CogniForge.Bench.Suites.Llm;

/// <summary>Measures how soon a client's disconnect during a stream reaches the provider.</summary>
internal static class Disconnects
{
    private const int Times = 5;

    /// <summary>Disconnects from each gateway several times.</summary>
    /// <param name="gateways">The gateways, each with a request for a stream from the provider.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="cancellationToken">Cancels the measurement.</param>
    public static async Task<Table> MeasureAsync(
        IEnumerable<(string Name, PreparedRequest Request)> gateways,
        SlowProvider provider,
        CancellationToken cancellationToken
    )
    {
        var rows = new List<Row>();
        foreach (var (name, request) in gateways)
        {
            var delays = new List<TimeSpan?>();
            for (var i = 0; i < Times && (i == 0 || delays[^1] is not null); i++)
            {
                delays.Add(await HangUpAsync(request, provider, cancellationToken));
            }

            rows.Add(
                new(
                    delays.Exists(d => d is null)
                        ? [name, $"never: the provider sent all of its {SlowProvider.Length.TotalSeconds:0} s", ""]
                        :
                        [
                            name,
                            Milliseconds(Round.GetMedian(delays, d => d!.Value.TotalMilliseconds)),
                            Milliseconds(delays.Max(d => d!.Value.TotalMilliseconds)),
                        ]
                )
            );
        }

        return new(["a disconnect reaches the provider", $"after ms, median of {Times}", "longest"], rows);
    }

    /// <summary>Requests a stream, and disconnects when its first bytes arrive.</summary>
    /// <returns>The time until the provider's connection ended; null if it did not end.</returns>
    private static async Task<TimeSpan?> HangUpAsync(
        PreparedRequest request,
        SlowProvider provider,
        CancellationToken cancellationToken
    )
    {
        var served = provider.ServeAsync(cancellationToken);
        long hungUp;
        using (
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
        )
        {
            await socket.ConnectAsync(IPAddress.Loopback, request.Server.Port, cancellationToken);
            await socket.SendAsync(request.Bytes, cancellationToken);
            var (buffer, filled) = (new byte[16 * 1024], 0);
            while (buffer.AsSpan(0, filled).IndexOf("again"u8) < 0)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(filled), cancellationToken);
                filled +=
                    received > 0
                        ? received
                        : throw new BenchException(
                            $"{request.Server} does not stream: "
                                + System.Text.Encoding.UTF8.GetString(buffer, 0, filled)
                        );
            }

            hungUp = Stopwatch.GetTimestamp();
        }

        return await served is { } gone ? Stopwatch.GetElapsedTime(hungUp, gone) : null;
    }

    private static string Milliseconds(double figure) => Figure.Tenths(figure);
}
