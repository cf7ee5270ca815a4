using System.Globalization;
using System.Text;
using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults.Tests.Support;

namespace CogniForge.Messaging.Tests.Journal;

public sealed class JournalFileTests : IDisposable
{
    private const long Roomy = 1L << 30;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Peek_LinesAppended_ReturnsThemWithoutLineFeeds()
    {
        using var journal = Open();
        Append(journal, "one", "two", "three");

        Assert.Equal(["one", "two"], Texts(journal.Peek(2, 1000)));
        Assert.Equal(14, journal.Pending);
    }

    [Fact]
    public void TryOpen_SomeLinesProcessed_ReplaysOnlyTheRest()
    {
        using (var journal = Open())
        {
            Append(journal, "one", "two", "three");
            journal.Advance(journal.Peek(2, 1000));
        }

        using var reopened = Open();

        Assert.Equal(["three"], Texts(reopened.Peek(10, 1000)));
    }

    [Fact]
    public void TryOpen_ReadableByOthers_IsTightened()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = new DirectoryInfo(_folder["slot-0"]);
        folder.Create();
        folder.UnixFileMode = (UnixFileMode)0b111_101_101;
        File.WriteAllText(Path.Combine(folder.FullName, "journal.jsonl"), "old\n");
        File.SetUnixFileMode(Path.Combine(folder.FullName, "journal.jsonl"), (UnixFileMode)0b110_100_100);

        using var journal = JournalFile.TryOpen(folder.FullName)!;
        journal.Reject("bad"u8.ToArray(), Roomy);

        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(folder.FullName));
        Assert.Equal(["journal.jsonl", "position", "rejected.jsonl"], folder.GetFiles().Select(f => f.Name).Order());
        Assert.All(folder.GetFiles(), f => Assert.Equal((UnixFileMode)0b110_000_000, f.UnixFileMode));
    }

    [Theory]
    [InlineData("one\ntwo\nhalf a li", new[] { "one", "two" })]
    [InlineData("one\n", new[] { "one" })]
    [InlineData("no line feed at all", new string[0])]
    [InlineData("", new string[0])]
    public void TryOpen_TornTail_IsCutOff(string left, string[] lines)
    {
        File.WriteAllText(_folder["journal.jsonl"], left);

        using var journal = Open();
        Append(journal, "next");

        Assert.Equal([.. lines, "next"], Texts(journal.Peek(10, 1000)));
    }

    [Fact]
    public void TryOpen_LongTornTail_FindsLastWholeLine()
    {
        File.WriteAllText(_folder["journal.jsonl"], "one\n" + new string('x', 200_000));

        using var journal = Open();

        Assert.Equal(["one"], Texts(journal.Peek(10, 1000)));
        Assert.Equal(4, new FileInfo(_folder["journal.jsonl"]).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("not a number at all, though of that length")]
    [InlineData("9999999999999999999 9223372036854775807")]
    [InlineData("0000000000000000000 9000000000000000000")]
    public void TryOpen_InvalidPosition_ReplaysFromStart(string position)
    {
        File.WriteAllText(_folder["journal.jsonl"], "one\ntwo\n");
        File.WriteAllText(_folder["position"], position);

        using var journal = Open();

        Assert.Equal(["one", "two"], Texts(journal.Peek(10, 1000)));
    }

    [Fact]
    public void TryOpen_FolderInUse_FailsUntilClosed()
    {
        var first = Open();
        Assert.Null(JournalFile.TryOpen(_folder.Path));

        first.Dispose();

        using var second = JournalFile.TryOpen(_folder.Path);
        Assert.NotNull(second);
    }

    [Fact]
    public void Append_Full_FailsUntilLinesAreProcessed()
    {
        using var journal = Open();
        Assert.True(journal.Append("123456789\n"u8, maxPending: 20));
        Assert.True(journal.Append("123456789\n"u8, maxPending: 20));
        Assert.False(journal.Append("1\n"u8, maxPending: 20));

        journal.Advance(journal.Peek(1, 1000));

        Assert.True(journal.Append("1\n"u8, maxPending: 20));
        Assert.Equal(["123456789", "1"], Texts(journal.Peek(10, 1000)));
    }

    [Fact]
    public void Peek_LineExceedsMaximum_ReturnsOnlyIt()
    {
        using var journal = Open();
        var longLine = new string('x', 5_000);
        Append(journal, longLine, "next");

        Assert.Equal([longLine], Texts(journal.Peek(10, 100)));
    }

    [Fact]
    public void Peek_BytesExceedMaximum_StopsAtLastWholeLine()
    {
        using var journal = Open();
        Append(journal, "12345", "12345", "12345");

        Assert.Equal(2, journal.Peek(10, 15).Count);
    }

    [Fact]
    public void Advance_ManyLines_KeepsFileSmall()
    {
        using var journal = Open();
        var line = new string('x', 999);
        for (var i = 0; i < 5_000; i++)
        {
            Append(journal, line);
            journal.Advance(journal.Peek(1, 2000));
        }

        Assert.InRange(new FileInfo(_folder["journal.jsonl"]).Length, 0, 2 << 20);
    }

    /// <summary>
    /// The files after a process was killed between any two steps of a compaction: copy the lines, write the position
    /// with the cut, cut the file, write the position without it.
    /// </summary>
    [Theory]
    [InlineData("waiting-1\nwaiting-2\nit is dealt with\nwaiting-1\nwaiting-2\n", "37 -")]
    [InlineData("waiting-1\nwaiting-2\nit is dealt with\nwaiting-1\nwaiting-2\n", "0 20")]
    [InlineData("waiting-1\nwaiting-2\n", "0 20")]
    [InlineData("waiting-1\nwaiting-2\n", "0 -")]
    [InlineData("waiting-1\nwaiting-2\nappended-aft", "0 -")]
    public void TryOpen_KilledDuringCompaction_FindsExactlyPendingLines(string lines, string position)
    {
        File.WriteAllText(_folder["journal.jsonl"], lines);
        var (start, cut) = (position.Split(' ')[0], position.Split(' ')[1]);
        File.WriteAllText(
            _folder["position"],
            string.Create(
                CultureInfo.InvariantCulture,
                $"{long.Parse(start, CultureInfo.InvariantCulture):D19} {ParseCut(cut):D19}"
            )
        );

        using (var journal = Open())
        {
            Assert.Equal(["waiting-1", "waiting-2"], Texts(journal.Peek(10, 1000)));
            Append(journal, "new");
        }

        using var again = Open();
        Assert.Equal(["waiting-1", "waiting-2", "new"], Texts(again.Peek(10, 1000)));
    }

    [Fact]
    public void Advance_AnyHistory_MatchesQueue()
    {
        var random = new Random(20260301);
        var queue = new Queue<string>();
        var journal = Open();
        for (var step = 0; step < 3_000; step++)
        {
            switch (random.Next(10))
            {
                case < 6:
                    // Long enough for many compactions.
                    var line = $"{step} {new string((char)('a' + random.Next(26)), random.Next(8_000))}";
                    Append(journal, line);
                    queue.Enqueue(line);
                    break;
                case < 9:
                    var lines = journal.Peek(random.Next(1, 6), random.Next(1, 20_000));
                    journal.Advance(lines);
                    Assert.All(Texts(lines), l => Assert.Equal(queue.Dequeue(), l));
                    break;
                default:
                    journal.Dispose();
                    journal = Open();
                    break;
            }

            Assert.Equal(queue.Sum(l => l.Length + 1L), journal.Pending);
        }

        Assert.Equal(queue, Texts(journal.Peek(int.MaxValue, 1 << 30)));
        journal.Dispose();
    }

    [Fact]
    public void Reject_Lines_AreStoredInOrderUpToMaximum()
    {
        using var journal = Open();

        Assert.True(journal.Reject("bad"u8.ToArray(), maxBytes: 10));
        Assert.True(journal.Reject("worse"u8.ToArray(), maxBytes: 10));
        Assert.False(journal.Reject(""u8.ToArray(), maxBytes: 10));

        Assert.Equal(["bad", "worse"], File.ReadAllLines(_folder["rejected.jsonl"]));
    }

    private JournalFile Open() => JournalFile.TryOpen(_folder.Path)!;

    private static long ParseCut(string cut) =>
        cut == "-" ? long.MaxValue : long.Parse(cut, CultureInfo.InvariantCulture);

    private static void Append(JournalFile journal, params string[] lines)
    {
        foreach (var line in lines)
        {
            Assert.True(journal.Append(Encoding.UTF8.GetBytes(line + "\n"), Roomy));
        }
    }

    private static IEnumerable<string> Texts(IReadOnlyList<ReadOnlyMemory<byte>> lines) =>
        lines.Select(l => Encoding.UTF8.GetString(l.Span));
}
