using System.Globalization;
using System.Text;

namespace CogniForge.ServiceDefaults.Messaging;

/// <summary>
/// An append-only file of lines, with the place up to which they have been dealt with. A line counts from its line feed on: what a killed process left behind that is none is cut off.
/// The lines are in the operating system's hands when <see cref="Append"/> returns, so they survive the end of the process, though not that of the machine.
/// Thread-safe; only one process at a time can open a folder.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private const byte LineFeed = (byte)'\n';

    // When so many bytes have been dealt with, what waits behind them moves to the front.
    private const long CompactAt = 1 << 20;

    private readonly Lock _lock = new();
    private readonly FileStream _lines;
    private readonly FileStream _position;
    private readonly string _rejected;
    private long _end;
    private long _start;

    private JournalFile(FileStream lines, FileStream position, string rejected)
    {
        (_lines, _position, _rejected) = (lines, position, rejected);
        (_start, var cut) = ReadPosition();
        if (cut is { } length)
        {
            _lines.SetLength(length);
        }

        _end = EndOfLastLine();
        if (_lines.Length > _end)
        {
            _lines.SetLength(_end);
        }

        _start = Math.Min(_start, _end);
        WritePosition(_start);
    }

    /// <summary>How many bytes wait.</summary>
    public long Pending
    {
        get
        {
            lock (_lock)
            {
                return _end - _start;
            }
        }
    }

    /// <summary>Opens the journal of a folder; null when another process has it.</summary>
    public static JournalFile? TryOpen(string folder)
    {
        Directory.CreateDirectory(folder);
        FileStream lines;
        try
        {
            // No buffer: an append is one write to the operating system. Nobody else may have it open: that is the lock.
            lines = new(Path.Combine(folder, "journal.jsonl"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            return null;
        }

        var position = new FileStream(Path.Combine(folder, "position"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        return new(lines, position, Path.Combine(folder, "rejected.jsonl"));
    }

    /// <summary>Appends a line.</summary>
    /// <param name="line">Ends in a line feed and holds no other.</param>
    /// <param name="maxPending">How many bytes may wait.</param>
    /// <returns>False when there is no room.</returns>
    /// <exception cref="IOException">The disk is full or broken; the journal is as before.</exception>
    public bool Append(ReadOnlySpan<byte> line, long maxPending)
    {
        lock (_lock)
        {
            if (_end - _start + line.Length > maxPending)
            {
                return false;
            }

            RandomAccess.Write(_lines.SafeFileHandle, line, _end);
            _end += line.Length;
            return true;
        }
    }

    /// <summary>Reads whole lines from the first one that waits.</summary>
    /// <param name="maxLines">At most so many lines.</param>
    /// <param name="maxBytes">At most so many bytes, but one line at least.</param>
    /// <returns>The lines without their line feeds.</returns>
    public IReadOnlyList<ReadOnlyMemory<byte>> Peek(int maxLines, int maxBytes)
    {
        byte[] bytes;
        lock (_lock)
        {
            bytes = Read(_start, Math.Min(maxBytes, _end - _start));
            while (bytes.Length > 0 && Array.IndexOf(bytes, LineFeed) < 0)
            {
                bytes = Read(_start, Math.Min(bytes.Length * 2L, _end - _start));
                maxLines = 1;
            }
        }

        var lines = new List<ReadOnlyMemory<byte>>();
        var rest = bytes.AsMemory();
        while (lines.Count < maxLines && rest.Span.IndexOf(LineFeed) is >= 0 and var length)
        {
            lines.Add(rest[..length]);
            rest = rest[(length + 1)..];
        }

        return lines;
    }

    /// <summary>Marks the first lines that wait as dealt with.</summary>
    public void Advance(IReadOnlyList<ReadOnlyMemory<byte>> lines)
    {
        lock (_lock)
        {
            _start += lines.Sum(l => l.Length + 1L);
            var pending = _end - _start;
            if (_start >= CompactAt && pending <= _start)
            {
                // The order matters: killed after any of these steps, the next start still finds all that waits, and only that.
                RandomAccess.Write(_lines.SafeFileHandle, Read(_start, pending), 0);
                WritePosition(0, cut: pending);
                _lines.SetLength(pending);
                (_start, _end) = (0, pending);
            }

            WritePosition(_start);
        }
    }

    /// <summary>Puts a line aside that can never be stored, for somebody to look at.</summary>
    /// <param name="line">Has no line feed.</param>
    /// <param name="maxBytes">How many bytes may lie there.</param>
    /// <returns>False when there is no room.</returns>
    public bool Reject(ReadOnlyMemory<byte> line, long maxBytes)
    {
        using var file = new FileStream(_rejected, FileMode.Append);
        if (file.Length + line.Length + 1 > maxBytes)
        {
            return false;
        }

        file.Write(line.Span);
        file.WriteByte(LineFeed);
        return true;
    }

    public void Dispose()
    {
        _position.Dispose();
        _lines.Dispose();
    }

    private byte[] Read(long offset, long count)
    {
        var bytes = new byte[count];
        var read = RandomAccess.Read(_lines.SafeFileHandle, bytes, offset);
        return read == count ? bytes : bytes[..read];
    }

    // Two numbers of a fixed width, written at once: where the waiting lines start, and the length to which the file is being cut (the largest number: none).
    private void WritePosition(long start, long cut = long.MaxValue) =>
        RandomAccess.Write(_position.SafeFileHandle, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{start:D19} {cut:D19}")), 0);

    private (long Start, long? Cut) ReadPosition()
    {
        Span<byte> text = stackalloc byte[39];
        var read = RandomAccess.Read(_position.SafeFileHandle, text, 0);
        return read == text.Length
            && long.TryParse(text[..19], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            && long.TryParse(text[20..], NumberStyles.None, CultureInfo.InvariantCulture, out var cut)
            ? (start, cut == long.MaxValue ? null : cut)
            : (0, null);
    }

    private long EndOfLastLine()
    {
        const int Step = 64 * 1024;
        for (var end = _lines.Length; end > 0; end -= Step)
        {
            var from = Math.Max(0, end - Step);
            var last = Array.LastIndexOf(Read(from, end - from), LineFeed);
            if (last >= 0)
            {
                return from + last + 1;
            }
        }

        return 0;
    }
}
