using System.Globalization;

namespace CogniForge.Bench;

/// <summary>The command line's options.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        bench [suite] [options]

        Suites:
          foundation         requests over loopback against a bare ASP.NET endpoint (default)
          llm                the LLM gateway with everything on, beside direct calls to the provider, a bare ASP.NET
                             forwarder and Portkey's gateway
          serving            model serving with everything on, beside a bare endpoint with bodies of the same size, and
                             a model of another server, direct and through serving; scorers of trees in one thread
          outbox             events, from the commit to the broker's confirmation, beside an outbox polled each second
          hostile            200 hostile connections of one key beside another key's 50 requests/s, at the LLM gateway

        Options:
          --seconds N        duration of each measurement: 0.1 to 60, default 1.5 (hostile and concurrent streams: six
                             times that)
          --connections A,B  numbers of connections, measured in turn: each 1 to 256, default 1,16,64 (llm: also 256)
          --rounds N         repetitions of each measurement; figures are medians: 1 to 20, default 3
          --only TEXT        only measurements whose names contain TEXT, and their baselines, e.g. llm
          --quick            2 rounds of 0.5 s at 1 and 16 connections; llm: 500 concurrent streams, 20,000 requests
                             for the memory. Later options override it
          --streams A,B      llm: numbers of concurrent streams: each 1 to 8,000, default 1000,5000
          --memory N         llm: requests before the last look at its memory: 0 to 10,000,000, default 200,000
          --million          llm: --memory 1000000
          --json FILE        also writes the figures of every round to a file
        """;

    public string Suite { get; private init; } = "foundation";

    public TimeSpan Duration { get; private init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>The numbers of connections; null for the suite's default.</summary>
    public IReadOnlyList<int>? Connections { get; private init; }

    public int Rounds { get; private init; } = 3;

    public string Only { get; private init; } = "";

    /// <summary>The numbers of concurrent streams, measured in turn.</summary>
    public IReadOnlyList<int> Streams { get; private init; } = [1_000, 5_000];

    /// <summary>The number of requests that the memory measurement sends.</summary>
    public int MemoryRequests { get; private init; } = 200_000;

    public string? JsonFile { get; private init; }

    /// <summary>Parses the command line.</summary>
    /// <exception cref="BenchException">An option is unknown, or its value is missing or invalid.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            string Value() =>
                i + 1 < arguments.Count ? arguments[++i] : throw new BenchException($"{name} needs a value.");
            options = name switch
            {
                "--seconds" => options with { Duration = TimeSpan.FromSeconds(Number(name, Value(), 0.1, 60)) },
                "--connections" => options with
                {
                    Connections = [.. Value().Split(',').Select(c => Number(name, c, 1, 256))],
                },
                "--rounds" => options with { Rounds = Number(name, Value(), 1, 20) },
                "--only" => options with { Only = Value() },
                "--quick" => options with
                {
                    Rounds = 2,
                    Duration = TimeSpan.FromSeconds(0.5),
                    Connections = [1, 16],
                    Streams = [500],
                    MemoryRequests = 20_000,
                },
                "--streams" => options with
                {
                    Streams = [.. Value().Split(',').Select(c => Number(name, c, 1, 8_000))],
                },
                "--memory" => options with { MemoryRequests = Number(name, Value(), 0, 10_000_000) },
                "--million" => options with { MemoryRequests = 1_000_000 },
                "--json" => options with { JsonFile = Value() },
                _ when i == 0 && !name.StartsWith('-') => options with { Suite = name },
                _ => throw new BenchException($"Unknown option {name}.\n\n{Usage}"),
            };
        }

        return options;
    }

    private static T Number<T>(string option, string text, T min, T max)
        where T : System.Numerics.INumber<T> =>
        T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number >= min
        && number <= max
            ? number
            : throw new BenchException($"{option} takes numbers from {min} to {max}, not '{text}'.");
}
