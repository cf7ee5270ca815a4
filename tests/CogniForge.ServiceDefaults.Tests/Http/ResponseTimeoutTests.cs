using System.Net.Sockets;
using System.Text;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.ServiceDefaults.Tests.Http;

/// <summary>A response whose client does not read ends, and occupies only the server's buffer until then.</summary>
public class ResponseTimeoutTests
{
    private static readonly byte[] _body = new byte[16_000_000];

    [Theory]
    [InlineData("/bytes")]
    [InlineData("/stream")]
    [InlineData("/file")]
    public async Task Response_Unread_IsAbortedAfterTimeout(string path)
    {
        var time = new FakeTimeProvider(TestTime.Start);
        var started = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, _body);
        await using var service = await TestService.StartAsync(
            Map,
            configure: builder => builder.Services.AddSingleton<TimeProvider>(time)
        );
        using var client = await SendAsync(service.Address, path);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(60));

        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => ended.Task.IsCompleted, "the response to end");
        File.Delete(file);

        void Map(WebApplication app)
        {
            app.MapGet("/bytes", context => RunAsync(() => context.Response.Body.WriteAsync(_body).AsTask(), context))
                .AllowAnonymous();
            app.MapGet(
                    "/stream",
                    context =>
                        RunAsync(
                            async () =>
                            {
                                while (!context.RequestAborted.IsCancellationRequested)
                                {
                                    await context.Response.BodyWriter.WriteAsync(_body.AsMemory(0, 1_000));
                                }
                            },
                            context
                        )
                )
                .AllowAnonymous();
            app.MapGet("/file", context => RunAsync(() => context.Response.SendFileAsync(file), context))
                .AllowAnonymous();
        }

        async Task RunAsync(Func<Task> write, HttpContext context)
        {
            using var aborted = context.RequestAborted.Register(() => ended.TrySetResult());
            started.TrySetResult();
            await write();
            await ended.Task; // only the timeout aborts the request
        }
    }

    [Fact]
    public async Task Response_ReadSlowly_IsComplete() // 10 kB/s
    {
        var time = new FakeTimeProvider(TestTime.Start);
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/bytes", context => context.Response.Body.WriteAsync(_body).AsTask()).AllowAnonymous(),
            configure: builder => builder.Services.AddSingleton<TimeProvider>(time)
        );
        using var client = await SendAsync(service.Address, "/bytes");
        var buffer = new byte[400_000];
        long received = 0;
        int read;
        while ((read = await client.ReceiveAsync(buffer)) > 0)
        {
            received += read;
            time.Advance(TimeSpan.FromSeconds(read / 10_000.0));
        }

        Assert.InRange(received, _body.Length, _body.Length + 100_000);
    }

    private static async Task<Socket> SendAsync(Uri service, string path)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(service.Host, service.Port);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {service.Authority}\r\nConnection: close\r\n\r\n")
        );
        return socket;
    }
}
