using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CogniForge.Tests.Fuzzing;

/// <summary>
/// Runs a property on inputs that are mutated from valid documents. An input is a function of its seed: the seeds are
/// the same in each run, unless <c>FUZZ_SECONDS</c> asks for new ones for that long, or <c>FUZZ_SEED</c> for one.
/// </summary>
internal static class Fuzzer
{
    private const int DefaultInputs = 3000;

    /// <summary>Far above what any reader needs for an input of a few kilobytes, on any machine.</summary>
    private static readonly TimeSpan _maxTime = TimeSpan.FromSeconds(20);

    private static readonly int? _seconds = ReadVariable("FUZZ_SECONDS");
    private static readonly int? _seed = ReadVariable("FUZZ_SEED");

    /// <summary>Asserts that the reader ends, allocates little, and throws nothing.</summary>
    /// <param name="corpus">Valid documents.</param>
    /// <param name="read">Reads an input; returns whether it is accepted.</param>
    public static void Run(IEnumerable<string> corpus, Func<byte[], bool> read)
    {
        var mutator = new Mutator(corpus);
        read(mutator.First); // Compiles the code, so that only reading is measured.
        var (accepted, rejected) = (0, 0);
        foreach (var seed in Seeds(DefaultInputs))
        {
            var input = mutator.Mutate(seed);
            var started = Stopwatch.GetTimestamp();
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                _ = read(input) ? accepted++ : rejected++;
            }
            catch (Exception e)
            {
                Assert.Fail(Describe(seed, input, e.ToString()));
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.True(
                allocated < MaxAllocated(input),
                Describe(seed, input, $"{input.Length} bytes made it allocate {allocated} bytes.")
            );
            AssertTime(seed, input, started);
        }

        AssertBoth(accepted, rejected);
    }

    /// <summary>Asserts that the reader ends and throws nothing.</summary>
    /// <param name="corpus">Valid documents.</param>
    /// <param name="read">Reads an input; returns whether it is accepted.</param>
    /// <param name="inputs">How many inputs a short run has.</param>
    public static async Task RunAsync(
        IEnumerable<string> corpus,
        Func<byte[], Random, Task<bool>> read,
        int inputs = DefaultInputs
    )
    {
        var mutator = new Mutator(corpus);
        var (accepted, rejected) = (0, 0);
        foreach (var seed in Seeds(inputs))
        {
            var input = mutator.Mutate(seed);
            var started = Stopwatch.GetTimestamp();
            try
            {
                _ = await read(input, new Random(seed)) ? accepted++ : rejected++;
            }
            catch (Exception e)
            {
                Assert.Fail(Describe(seed, input, e.ToString()));
            }

            AssertTime(seed, input, started);
        }

        AssertBoth(accepted, rejected);
    }

    private static IEnumerable<int> Seeds(int inputs)
    {
        if (_seed is { } seed)
        {
            return [seed];
        }

        if (_seconds is not { } seconds)
        {
            return Enumerable.Range(0, inputs);
        }

        var end = Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency);
        return Enumerable
            .Range(Random.Shared.Next(inputs, int.MaxValue / 2), int.MaxValue / 2)
            .TakeWhile(_ => Stopwatch.GetTimestamp() < end);
    }

    private static long MaxAllocated(byte[] input) => (4 << 20) + (1000L * input.Length);

    private static void AssertTime(int seed, byte[] input, long started)
    {
        var elapsed = Stopwatch.GetElapsedTime(started);
        Assert.True(elapsed < _maxTime, Describe(seed, input, $"It took {elapsed}."));
    }

    // A property that accepts or rejects everything checks nothing.
    private static void AssertBoth(int accepted, int rejected) =>
        Assert.True(
            _seed is not null || (accepted > 0 && rejected > 0),
            $"{accepted} inputs are accepted and {rejected} rejected."
        );

    private static string Describe(int seed, byte[] input, string problem)
    {
        var text = new StringBuilder();
        foreach (var value in input.Take(4000))
        {
            text.Append(value is >= 0x20 and < 0x7F or (byte)'\n' ? $"{(char)value}" : $"\\x{value:X2}");
        }

        return $"FUZZ_SEED={seed} reproduces this.\n{problem}\nInput ({input.Length} bytes):\n{text}";
    }

    private static int? ReadVariable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? int.Parse(value, CultureInfo.InvariantCulture)
            : null;
}
