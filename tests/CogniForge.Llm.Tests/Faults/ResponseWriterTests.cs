using System.IO.Pipelines;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Protocols;
using Microsoft.AspNetCore.Http;

namespace CogniForge.Llm.Tests.Faults;

public sealed class ResponseWriterTests
{
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(60);
    private readonly Pipe _client = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
    private readonly FakeTimeProvider _time = new(TestTime.Start);

    /// <summary>A client that does not read makes no thread wait.</summary>
    [Fact]
    public async Task Headers_KeepAliveUnread_AreWrittenAtOnce()
    {
        var context = new DefaultHttpContext();
        context.Response.Body = _client.Writer.AsStream();
        await using var writer = new ResponseWriter(context, Protocol.ChatCompletions);
        var headers = new ResponseHeaders(Guid.Empty, "route", null, null, [], null);
        writer.StartKeepAlives(TimeSpan.FromSeconds(1), headers, _time);
        _time.Advance(TimeSpan.FromSeconds(1));

        await Task.Run(() => writer.WriteLimits(default, TestTime.Start)).WaitAsync(_hang);
        await Task.Run(() => writer.BeginStream(headers)).WaitAsync(_hang);

        Assert.Equal(": keep-alive\n\n"u8.ToArray(), (await _client.Reader.ReadAsync()).Buffer.FirstSpan.ToArray());
        await _client.Reader.CompleteAsync();
    }
}
