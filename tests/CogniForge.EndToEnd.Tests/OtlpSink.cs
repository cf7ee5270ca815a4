using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CogniForge.EndToEnd.Tests;

/// <summary>A collector that keeps the spans it receives (OTLP over HTTP, binary protobuf).</summary>
public sealed class OtlpSink : IAsyncDisposable
{
    // Field numbers of opentelemetry/proto: collector/trace/v1, trace/v1, resource/v1, common/v1.
    private const int Resource = 1,
        ScopeSpans = 2,
        Spans = 2,
        Attributes = 1,
        Key = 1,
        Value = 2,
        StringValue = 1,
        TraceId = 1,
        SpanId = 2,
        ParentSpanId = 4,
        Name = 5,
        Links = 13;

    private readonly ConcurrentQueue<Span> _spans = new();
    private WebApplication? _app;

    /// <summary>The address of the collector.</summary>
    public string Url => _app!.Urls.Single();

    /// <summary>The spans of a trace.</summary>
    public IReadOnlyList<Span> GetTrace(string traceId) => [.. _spans.Where(s => s.TraceId == traceId)];

    /// <summary>The spans of the trace whose first span is linked to another trace.</summary>
    public IReadOnlyList<Span> GetLinkedTrace(string traceId) =>
        _spans.FirstOrDefault(s => s.ParentId.Length == 0 && s.LinkedTraceId == traceId) is { } first
            ? GetTrace(first.TraceId)
            : [];

    /// <summary>Starts the collector.</summary>
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/traces", ReceiveAsync);
        _app.MapFallback(() => Results.Ok());
        await _app.StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        foreach (var (_, resourceSpans) in Fields(body.ToArray()))
        {
            var parts = Fields(resourceSpans).ToList();
            var service =
                parts
                    .Where(f => f.Number == Resource)
                    .SelectMany(r => Fields(r.Bytes))
                    .Where(f => f.Number == Attributes)
                    .Select(a => Fields(a.Bytes).ToList())
                    .Where(a => Text(a, Key) == "service.name")
                    .Select(a => Text([.. Fields(a.Single(f => f.Number == Value).Bytes)], StringValue))
                    .FirstOrDefault()
                ?? "";
            foreach (
                var (_, span) in parts
                    .Where(f => f.Number == ScopeSpans)
                    .SelectMany(s => Fields(s.Bytes))
                    .Where(f => f.Number == Spans)
            )
            {
                var fields = Fields(span).ToList();
                _spans.Enqueue(
                    new(
                        service,
                        Text(fields, Name),
                        Hex(fields, TraceId),
                        Hex(fields, SpanId),
                        Hex(fields, ParentSpanId),
                        Hex([.. Fields(fields.FirstOrDefault(f => f.Number == Links).Bytes ?? [])], TraceId)
                    )
                );
            }
        }

        return Results.Ok();
    }

    private static string Text(List<(int Number, byte[] Bytes)> fields, int number) =>
        System.Text.Encoding.UTF8.GetString(fields.FirstOrDefault(f => f.Number == number).Bytes ?? []);

    private static string Hex(List<(int Number, byte[] Bytes)> fields, int number) =>
        Convert.ToHexStringLower(fields.FirstOrDefault(f => f.Number == number).Bytes ?? []);

    /// <summary>The length-delimited fields of a protobuf message; skips numbers.</summary>
    /// <remarks>Google's package would tie the tests to the version that Aspire depends on.</remarks>
    private static IEnumerable<(int Number, byte[] Bytes)> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += sizeof(long);
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    yield return ((int)(tag >> 3), message[at..(at + length)]);
                    at += length;
                    break;
                case 5:
                    at += sizeof(int);
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} is not one of protobuf's.");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var b = message[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
    }
}
