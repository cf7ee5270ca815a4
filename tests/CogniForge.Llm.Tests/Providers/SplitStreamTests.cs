using System.Net.Http.Headers;
using System.Text;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Providers;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>Events do not depend on how a stream's bytes are split in transit.</summary>
public class SplitStreamTests
{
    // Every feature of the format (HTML living standard §9.2.6): a byte order mark, comments, all line endings,
    // multi-line data, fields without a space or a value, ids and retries.
    private const string Text =
        "\uFEFF: hello\n\n"
        + "data: {\"a\":\"Grüße 👋 你好\"}\r\n\r\n"
        + "event: message_start\r\ndata: {\"b\":1,\r\ndata: \"c\":2}\r\n\r\n"
        + "event:ping\ndata:{}\n\n"
        + ": OPENROUTER PROCESSING\r\n\r\n"
        + "id: 7\nretry: 10\ndata\ndata:  two spaces\n\n"
        + "data: old\r\rdata: [DONE]\n\n";

    private static readonly (string?, string)[] _events =
    [
        (null, "{\"a\":\"Grüße 👋 你好\"}"),
        ("message_start", "{\"b\":1,\n\"c\":2}"),
        ("ping", "{}"),
        (null, "\n two spaces"),
        (null, "old"),
        (null, "[DONE]"),
    ];

    private static readonly byte[] _bytes = Encoding.UTF8.GetBytes(Text);

    [Fact]
    public async Task Read_SplitAnywhere_ReturnsSameEvents()
    {
        for (var cut = 0; cut <= _bytes.Length; cut++)
        {
            await AssertEventsAsync([_bytes[..cut], _bytes[cut..]]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(10_000)]
    public async Task Read_FixedSizePieces_ReturnsSameEvents(int size) => await AssertEventsAsync(_bytes.Chunk(size));

    [Fact]
    public async Task Read_AnyBytes_SignalActivity()
    {
        var signals = 0;
        await ReadAsync(_bytes.Chunk(1), () => signals++);
        Assert.Equal(_bytes.Length, signals);
    }

    private static async Task AssertEventsAsync(IEnumerable<byte[]> pieces) =>
        Assert.Equal(
            _events,
            (await ReadAsync(pieces, () => { })).Select(e => (e.Name, Encoding.UTF8.GetString(e.Data.Span)))
        );

    private static async Task<List<SseEvent>> ReadAsync(IEnumerable<byte[]> pieces, Action onActivity)
    {
        using var response = new HttpResponseMessage { Content = new StreamContent(new Pieces(pieces)) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
        await using var providerResponse = new HttpProviderResponse(response, key: null);
        Assert.True(providerResponse.IsStream);
        var events = new List<SseEvent>();
        await foreach (
            var item in providerResponse.ReadEventsAsync(
                () => ValueTask.CompletedTask,
                onActivity,
                CancellationToken.None
            )
        )
        {
            events.Add(item);
        }

        return events;
    }

    /// <summary>Returns one piece per read, like a network.</summary>
    private sealed class Pieces(IEnumerable<byte[]> pieces) : Stream
    {
        private readonly Queue<byte[]> _pieces = new(pieces.Where(p => p.Length > 0));

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_pieces.TryPeek(out var piece))
            {
                return ValueTask.FromResult(0);
            }

            Assert.True(piece.Length <= buffer.Length);
            _pieces.Dequeue().CopyTo(buffer);
            return ValueTask.FromResult(piece.Length);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
