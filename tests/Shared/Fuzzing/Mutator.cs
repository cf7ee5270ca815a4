using System.Text;

namespace CogniForge.Tests.Fuzzing;

/// <summary>
/// Mutates valid documents: JSON by its values, also inside lines of an event stream, and anything by its bytes.
/// </summary>
internal sealed class Mutator(IEnumerable<string> corpus)
{
    private const int MaxBytes = 64 * 1024;

    private static readonly byte[][] _values =
    [
        .. new[]
        {
            "null",
            "true",
            "0",
            "-1",
            "-0",
            "0.5",
            "1e400",
            "1e-400",
            "2147483648",
            "-9223372036854775809",
            "79228162514264337593543950336",
            "\"\"",
            "\"x\"",
            "\"\\ud83d\"",
            "\"\\ude00\\ud83d\"",
            "\"\\u0000\"",
            "\"2026-13-45T99:99:99Z\"",
            "\"9999-12-31T23:59:59.9999999-14:00\"",
            "[]",
            "{}",
            "[null]",
            "[[],{},0,\"\"]",
            "{\"a\":1,\"a\":2}",
            "{\"\":0}",
            "{\"\\ud83d\":0}",
            "{\"$ref\":\"#\"}",
            $"\"{new string('x', 5000)}\"",
            new string('9', 1000),
            $"0.{new string('1', 500)}e{new string('7', 20)}",
        }.Select(Encoding.UTF8.GetBytes),
        [(byte)'"', 0xC3, 0x28, (byte)'"'],
        [(byte)'"', 0xED, 0xA0, 0x80, (byte)'"'],
        [(byte)'"', 0xF8, (byte)'"'],
    ];

    private static readonly byte[][] _fragments =
    [
        [0],
        [0xFF],
        [0xEF, 0xBB, 0xBF],
        [0xED, 0xB0, 0x80],
        [0xF4, 0x90, 0x80, 0x80],
        .. new[]
        {
            "\n",
            "\r",
            "\n\n",
            "\t",
            " ",
            "\"",
            "\\",
            "\\u",
            ",",
            ":",
            "[",
            "]",
            "{",
            "}",
            "=",
            ";",
            "%",
            "-",
            ".",
            "e9",
            "0",
            "9999999999",
            "data: ",
            "event: x\n",
            "id: \0\n",
            "retry: 99999999999999999999\n",
            "🦊",
            "ﷺ",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    private readonly byte[][] _corpus = [.. corpus.Select(Encoding.UTF8.GetBytes)];

    /// <summary>A valid document.</summary>
    public byte[] First => _corpus[0];

    /// <summary>The mutation with this seed, of up to 64 KiB.</summary>
    public byte[] Mutate(int seed)
    {
        var random = new Random(seed);
        var bytes = Pick(random, _corpus);
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var mutated = random.Next(4) == 0 ? MutateBytes(random, bytes) : MutateJson(random, bytes);
            bytes = mutated.Length > MaxBytes ? bytes : mutated;
        }

        return bytes;
    }

    private byte[] MutateJson(Random random, byte[] bytes)
    {
        var values = JsonRange.FindAll(bytes);
        if (values.Count == 0)
        {
            return MutateLine(random, bytes);
        }

        var (member, value) = values[random.Next(values.Count)];
        return random.Next(7) switch
        {
            0 or 1 => Replace(bytes, value, Pick(random, _values)),
            2 => Replace(bytes, value, Donate(random)),
            3 => Replace(bytes, member, Repeat(random, bytes[member])),
            4 => Replace(bytes, value, Nest(random, bytes[value])),
            5 => Replace(bytes, value, MutateBytes(random, bytes[value])),
            _ => Remove(bytes, member),
        };
    }

    /// <summary>Mutates the JSON in one line of an event stream or of a journal.</summary>
    private byte[] MutateLine(Random random, byte[] bytes)
    {
        var lines = Encoding.Latin1.GetString(bytes).Split('\n');
        var line = random.Next(lines.Length);
        if (lines[line].IndexOf('{', StringComparison.Ordinal) is >= 0 and var start)
        {
            var json = Encoding.Latin1.GetBytes(lines[line][start..]);
            if (JsonRange.FindAll(json).Count > 0)
            {
                lines[line] = lines[line][..start] + Encoding.Latin1.GetString(MutateJson(random, json));
                return Encoding.Latin1.GetBytes(string.Join('\n', lines));
            }
        }

        return MutateBytes(random, bytes);
    }

    private byte[] MutateBytes(Random random, byte[] bytes)
    {
        var at = random.Next(bytes.Length + 1);
        var end = random.Next(at, Math.Min(bytes.Length, at + 40) + 1);
        switch (random.Next(6))
        {
            case 0:
                return bytes[..at];
            case 1:
                return Replace(bytes, at..at, Pick(random, _fragments));
            case 2:
                return Replace(bytes, at..end, []);
            case 3:
                return Replace(bytes, at..end, Repeat(random, bytes[at..end], separator: null));
            case 4:
                var other = Pick(random, _corpus);
                return [.. bytes[..at], .. other[random.Next(other.Length + 1)..]];
            default:
                var flipped = (byte[])bytes.Clone();
                if (at < flipped.Length)
                {
                    flipped[at] ^= (byte)(1 << random.Next(8));
                }

                return flipped;
        }
    }

    private byte[] Donate(Random random)
    {
        var other = Pick(random, _corpus);
        var values = JsonRange.FindAll(other);
        return values.Count == 0 ? Pick(random, _values) : other[values[random.Next(values.Count)].Value];
    }

    private static byte[] Repeat(Random random, byte[] part, byte? separator = (byte)',')
    {
        var unit = separator is { } comma ? (byte[])[.. part, comma] : part;
        var times = random.Next(8) == 0 ? 1 + (MaxBytes / 2 / (unit.Length + 1)) : random.Next(1, 4);
        return [.. Enumerable.Repeat(unit, Math.Min(times, 2000)).SelectMany(b => b), .. part];
    }

    private static byte[] Nest(Random random, byte[] value)
    {
        var levels = random.Next(3) == 0 ? random.Next(30, 200) : random.Next(1, 4);
        var (open, close) = random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
        return
        [
            .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, levels))),
            .. value,
            .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(close, levels))),
        ];
    }

    private static byte[] Remove(byte[] bytes, Range range)
    {
        var (start, end) = (range.Start.Value, range.End.Value);
        var followed = end < bytes.Length && bytes[end] == (byte)',';
        var preceded = !followed && start > 0 && bytes[start - 1] == (byte)',';
        return Replace(bytes, (preceded ? start - 1 : start)..(followed ? end + 1 : end), []);
    }

    private static byte[] Replace(byte[] bytes, Range range, byte[] by) =>
        [.. bytes[..range.Start], .. by, .. bytes[range.End..]];

    private static T Pick<T>(Random random, T[] items) => items[random.Next(items.Length)];
}
