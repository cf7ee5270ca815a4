using System.Text;
using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults.Tests.Support;
using CogniForge.Tests.Fuzzing;

namespace CogniForge.Messaging.Tests.Fuzzing;

/// <summary>A journal whose files were cut or changed opens, replays whole lines, and keeps what is appended.</summary>
public sealed class JournalFuzzTests : IDisposable
{
    private const int Inputs = 300;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Lines_Mutated_ReplayWholeLines() =>
        Fuzzer.RunAsync(
            ["{\"id\":1}\n{\"id\":2,\"text\":\"Grüße\"}\n{\"id\":3}\n", "{}\n"],
            (lines, random) =>
                Task.FromResult(Replays(lines, Encoding.ASCII.GetBytes($"{random.Next(40):D19} {long.MaxValue:D19}"))),
            Inputs
        );

    [Fact]
    public Task Position_Mutated_ReplaysWholeLines() =>
        Fuzzer.RunAsync(
            [$"{9:D19} {long.MaxValue:D19}", $"{0:D19} {18:D19}"],
            (position, _) => Task.FromResult(Replays("{\"id\":1}\n{\"id\":2}\n"u8.ToArray(), position)),
            Inputs
        );

    private bool Replays(byte[] lines, byte[] position)
    {
        File.WriteAllBytes(_folder["journal.jsonl"], lines);
        File.WriteAllBytes(_folder["position"], position);
        using var journal = JournalFile.TryOpen(_folder.Path)!;
        var replayed = journal.Pending;
        Assert.InRange(replayed, 0, lines.Length);
        Assert.True(journal.Append("{\"id\":9}\n"u8, long.MaxValue));
        var read = new List<string>();
        while (journal.Peek(100, 1000) is { Count: > 0 } batch)
        {
            read.AddRange(batch.Select(l => Encoding.Latin1.GetString(l.Span)));
            journal.Advance(batch);
        }

        Assert.Equal("{\"id\":9}", read[^1]);
        var before = Encoding.Latin1.GetString(lines);
        Assert.Contains(string.Join('\n', read.SkipLast(1)), before, StringComparison.Ordinal);
        return replayed > 0;
    }
}
