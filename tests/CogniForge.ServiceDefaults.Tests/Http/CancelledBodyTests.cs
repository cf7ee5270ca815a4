using System.Net.Sockets;
using System.Text;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CogniForge.ServiceDefaults.Tests.Http;

/// <summary>A handler may give up a body in the middle of a read.</summary>
public sealed class CancelledBodyTests
{
    [Theory]
    [InlineData("Content-Length: 4", "body")]
    [InlineData("Transfer-Encoding: chunked", "4\r\nbody\r\n0\r\n\r\n")]
    public async Task Post_ReadIsCancelled_KeepsConnection(string length, string body)
    {
        await using var service = await TestService.StartAsync(map: app =>
            app.MapPost(
                "/cancels",
                async (HttpRequest request) =>
                {
                    using var cancelled = new CancellationTokenSource();
                    var read = request.Body.ReadAsync(new byte[10], cancelled.Token).AsTask();
                    await cancelled.CancelAsync();
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
                    return TypedResults.Ok();
                }
            )
        );
        using var socket = new TcpClient("127.0.0.1", service.Address.Port);
        await using var stream = socket.GetStream();
        using var reader = new System.IO.StreamReader(stream);

        await stream.WriteAsync(Request("/cancels", length));
        Assert.Equal("HTTP/1.1 200 OK", await ReadStatusAsync(reader));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(body));
        await stream.WriteAsync(Request("/nothing", "Content-Length: 0"));

        Assert.Equal("HTTP/1.1 404 Not Found", await ReadStatusAsync(reader));
        AssertNoFault(service);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_ClientLeaves_LogsNoFault(bool resets)
    {
        var (started, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        var service = await TestService.StartAsync(map: app =>
            app.MapPost(
                "/reads",
                async (HttpContext http) =>
                {
                    try
                    {
                        await http.Request.Body.ReadExactlyAsync(new byte[2], http.RequestAborted);
                        started.SetResult();
                        await http.Request.Body.ReadExactlyAsync(new byte[2], http.RequestAborted);
                    }
                    finally
                    {
                        ended.SetResult();
                    }
                }
            )
        );
        await using (service)
        {
            using (var socket = new TcpClient("127.0.0.1", service.Address.Port))
            {
                socket.LingerState = new(resets, 0);
                await socket.GetStream().WriteAsync(Request("/reads", "Content-Length: 4", "bo"));
                await started.Task;
            }

            await ended.Task;
        }

        AssertNoFault(service);
    }

    private static void AssertNoFault(TestService service) =>
        Assert.DoesNotContain(
            service.Logs.At(LogLevel.Warning).Concat(service.Logs.At(LogLevel.Error)),
            l => l.StartsWith("Connection id", StringComparison.Ordinal)
        );

    private static byte[] Request(string path, string length, string body = "") =>
        Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestService.RootKey}\r\n"
                + $"{length}\r\n\r\n{body}"
        );

    /// <summary>Reads the headers of a response, and its body if it is a problem.</summary>
    private static async Task<string?> ReadStatusAsync(System.IO.StreamReader reader)
    {
        var status = await reader.ReadLineAsync();
        while (await reader.ReadLineAsync() is { Length: > 0 }) { }

        return status;
    }
}
