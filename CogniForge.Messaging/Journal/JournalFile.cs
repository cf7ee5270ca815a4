using System.Globalization;
using System.Text;
using CogniForge.ServiceDefaults;
using Microsoft.Win32.SafeHandles;

namespace CogniForge.Messaging.Journal;

/// <summary>
/// An append-only file of lines and the position of the first pending one. Opening it cuts off a last line without line
/// feed, left by a killed process. Appended lines survive the end of the process, not of the machine. Thread-safe; only
/// one process can open a folder.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private const byte LineFeed = (byte)'\n';
    private const int MaxSlots = 1_000;

    // After this many processed bytes, the pending rest moves to the front.
    private const long CompactAt = 1 << 20;

    // Larger than a block of any common file system, so that it fails on a full disk.
    private static readonly byte[] _trial = new byte[16 * 1024];

    private readonly Lock _lock = new();
    private readonly FileStream _lines;

    // FileStream.SafeFileHandle would seek, a system call, on each use.
    private readonly SafeFileHandle _handle;
    private readonly FileStream _position;
    private readonly string _rejected;
    private byte[] _batch = [];
    private long _end;
    private long _start;

    private JournalFile(FileStream lines, FileStream position, string rejected)
    {
        (_lines, _handle, _position, _rejected) = (lines, lines.SafeFileHandle, position, rejected);
        (_start, var cut) = ReadPosition();
        if (cut < _lines.Length)
        {
            _lines.SetLength(cut.Value);
        }

        _end = EndOfLastLine();
        if (_lines.Length > _end)
        {
            _lines.SetLength(_end);
        }

        _start = Math.Min(_start, _end);
        WritePosition(_start);
    }

    /// <summary>The size of the pending lines in bytes.</summary>
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

    /// <summary>Opens the first journal below a folder that no other process has open.</summary>
    /// <exception cref="IOException">The folder is not writable; the message names the setting.</exception>
    public static JournalFile OpenSlot(string folder)
    {
        try
        {
            PrivateFiles.CreateDirectory(folder, "*.jsonl");
            return Enumerable
                    .Range(0, MaxSlots)
                    .Select(slot => TryOpen(Path.Combine(folder, $"slot-{slot}")))
                    .FirstOrDefault(file => file is not null)
                ?? throw new IOException($"No file can be opened in '{folder}'.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"CogniForge:JournalDirectory must be a writable folder. {e.Message}", e);
        }
    }

    /// <summary>Opens the journal of a folder; null if another process has it open.</summary>
    public static JournalFile? TryOpen(string folder)
    {
        PrivateFiles.CreateDirectory(folder, "*.jsonl");
        FileStream lines;
        try
        {
            // No buffer, so an append is one write to the operating system; no sharing, so the open file is the lock.
            lines = PrivateFiles.Open(
                Path.Combine(folder, "journal.jsonl"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite
            );
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            return null;
        }

        var position = PrivateFiles.Open(
            Path.Combine(folder, "position"),
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite
        );
        return new(lines, position, Path.Combine(folder, "rejected.jsonl"));
    }

    /// <summary>Appends a line.</summary>
    /// <param name="line">One line with its line feed at the end.</param>
    /// <param name="maxPending">The maximum size of the pending lines in bytes.</param>
    /// <returns>False if the line does not fit.</returns>
    /// <exception cref="IOException">The disk is full or broken; the journal is unchanged.</exception>
    public bool Append(ReadOnlySpan<byte> line, long maxPending)
    {
        lock (_lock)
        {
            if (_end - _start + line.Length > maxPending)
            {
                return false;
            }

            RandomAccess.Write(_handle, line, _end);
            _end += line.Length;
            return true;
        }
    }

    /// <summary>Writes beyond the last line, then truncates the file; after a kill, the next start does.</summary>
    /// <exception cref="IOException">The disk is full or broken; the journal is unchanged.</exception>
    public void TryWrite()
    {
        lock (_lock)
        {
            try
            {
                RandomAccess.Write(_handle, _trial, _end);
            }
            finally
            {
                if (_lines.Length > _end)
                {
                    _lines.SetLength(_end);
                }
            }
        }
    }

    /// <summary>Reads whole lines from the first pending one.</summary>
    /// <param name="maxLines">The maximum number of lines.</param>
    /// <param name="maxBytes">The maximum size in bytes; at least one line is read.</param>
    /// <returns>The lines without their line feeds, valid until the next call.</returns>
    public IReadOnlyList<ReadOnlyMemory<byte>> Peek(int maxLines, int maxBytes)
    {
        Memory<byte> rest;
        lock (_lock)
        {
            // A reused array: a new one of this size per batch would trigger full garbage collections.
            _batch = _batch.Length == maxBytes ? _batch : new byte[maxBytes];
            rest = Read(_batch.AsMemory(0, (int)Math.Min(maxBytes, _end - _start)), _start);
            while (rest.Length > 0 && rest.Span.IndexOf(LineFeed) < 0)
            {
                rest = Read(new byte[Math.Min(rest.Length * 2L, _end - _start)], _start);
                maxLines = 1;
            }
        }

        var lines = new List<ReadOnlyMemory<byte>>();
        while (lines.Count < maxLines && rest.Span.IndexOf(LineFeed) is >= 0 and var length)
        {
            lines.Add(rest[..length]);
            rest = rest[(length + 1)..];
        }

        return lines;
    }

    /// <summary>Marks the first pending lines as processed.</summary>
    public void Advance(IReadOnlyList<ReadOnlyMemory<byte>> lines)
    {
        lock (_lock)
        {
            _start += lines.Sum(l => l.Length + 1L);
            var pending = _end - _start;
            if (_start >= CompactAt && pending <= _start)
            {
                // The order matters: after a kill between any steps, the next start finds exactly the pending lines.
                RandomAccess.Write(_handle, Read(new byte[pending], _start).Span, 0);
                WritePosition(0, cut: pending);
                _lines.SetLength(pending);
                (_start, _end) = (0, pending);
            }

            WritePosition(_start);
        }
    }

    /// <summary>Sets aside a line that can never be stored, for inspection.</summary>
    /// <param name="line">The line without its line feed.</param>
    /// <param name="maxBytes">The maximum size of the file of rejected lines in bytes.</param>
    /// <returns>False if the line does not fit.</returns>
    public bool Reject(ReadOnlyMemory<byte> line, long maxBytes)
    {
        using var file = PrivateFiles.Open(_rejected, FileMode.Append, FileAccess.Write);
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

    private Memory<byte> Read(Memory<byte> bytes, long offset) =>
        bytes[..RandomAccess.Read(_handle, bytes.Span, offset)];

    // Two fixed-width numbers in one write: the start of the pending lines, and the length to which the file is being
    // cut (long.MaxValue: no cut in progress).
    private void WritePosition(long start, long cut = long.MaxValue) =>
        RandomAccess.Write(
            _position.SafeFileHandle,
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{start:D19} {cut:D19}")),
            0
        );

    private (long Start, long? Cut) ReadPosition()
    {
        Span<byte> text = stackalloc byte[39];
        var read = RandomAccess.Read(_position.SafeFileHandle, text, 0);
        return
            read == text.Length
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
            var last = Read(new byte[end - from], from).Span.LastIndexOf(LineFeed);
            if (last >= 0)
            {
                return from + last + 1;
            }
        }

        return 0;
    }
}
