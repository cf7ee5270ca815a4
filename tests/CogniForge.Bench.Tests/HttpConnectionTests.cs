using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CogniForge.Bench.Load;

namespace CogniForge.Bench.Tests;

public sealed class HttpConnectionTests : IDisposable
{
    private const string Chunked =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\ndata: a\n\n\r\n9\r\ndata: b\n\n\r\n0\r\n\r\n";
    private const string Sized = "HTTP/1.1 201 Created\r\nContent-Length: 4\r\nX: y\r\n\r\nbody";
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public HttpConnectionTests() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData(Chunked, 200, "data: b")]
    [InlineData(Sized, 201, "body")]
    public async Task Exchange_ResponseSplitAnywhere_ReadsAll(string response, int status, string part)
    {
        using var connection = new HttpConnection(new($"http://{_listener.LocalEndpoint}"));
        using var server = await _listener.AcceptSocketAsync();
        server.NoDelay = true;
        for (var cut = 1; cut < response.Length; cut++)
        {
            var exchange = ExchangeAsync(connection);
            await server.ReceiveAsync(new byte[100]);
            await server.SendAsync(Encoding.ASCII.GetBytes(response[..cut]));
            await server.SendAsync(Encoding.ASCII.GetBytes(response[cut..]));

            var (received, body) = await exchange;

            Assert.Equal(status, received);
            Assert.Contains(part, body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Exchange_Stream_RecordsTimeOfFirstChunk()
    {
        using var connection = new HttpConnection(new($"http://{_listener.LocalEndpoint}"));
        using var server = await _listener.AcceptSocketAsync();
        server.NoDelay = true;
        var exchange = ExchangeAsync(connection);
        await server.ReceiveAsync(new byte[100]);
        var (head, chunk) = (
            Chunked.IndexOf("9\r\n", StringComparison.Ordinal),
            Chunked.LastIndexOf("9\r\n", StringComparison.Ordinal)
        );

        await server.SendAsync(Encoding.ASCII.GetBytes(Chunked[..(head + 3)]));
        var before = Stopwatch.GetTimestamp();
        Assert.Equal(0, connection.FirstByteAt);
        await server.SendAsync(Encoding.ASCII.GetBytes(Chunked[(head + 3)..chunk]));
        await Until.EqualAsync(true, () => Task.FromResult(connection.FirstByteAt > before));
        Assert.False(exchange.IsCompleted);
        await server.SendAsync(Encoding.ASCII.GetBytes(Chunked[chunk..]));
        var first = connection.FirstByteAt;
        await exchange;

        Assert.Equal(first, connection.FirstByteAt);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length-Of: 4\r\n\r\nbody")]
    [InlineData("SSH-2.0-x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody and more")]
    public async Task Exchange_UnreadableResponse_Throws(string response)
    {
        using var connection = new HttpConnection(new($"http://{_listener.LocalEndpoint}"));
        using var server = await _listener.AcceptSocketAsync();
        var exchange = ExchangeAsync(connection);
        await server.ReceiveAsync(new byte[100]);

        await server.SendAsync(Encoding.ASCII.GetBytes(response));

        await Assert.ThrowsAsync<InvalidDataException>(() => exchange);
    }

    private static Task<(int Status, string Body)> ExchangeAsync(HttpConnection connection) =>
        Task.Factory.StartNew(
            () =>
            {
                var (status, body) = connection.Exchange("GET / HTTP/1.1\r\n\r\n"u8);
                return (status, Encoding.ASCII.GetString(body.Span));
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
}
