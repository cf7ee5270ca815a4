using System.Text;
using CogniForge.Bench.Load;

namespace CogniForge.Bench.Suites.Hostile;

/// <summary>The requests of a hostile client, all with an ordinary key.</summary>
internal static class HostileRequests
{
    /// <summary>Small requests as fast as possible.</summary>
    public const string Flood = "flood of small requests";

    /// <summary>3 MB of empty messages, each with two errors.</summary>
    public const string Errors = "3 MB of errors";

    /// <summary>A message of 8 MB.</summary>
    public const string Large = "bodies of 8 MB";

    /// <summary>2 million tokens of JSON, which a parser turns into much more memory.</summary>
    public const string Dense = "4 MB of empty arrays";

    /// <summary>Long streams that the client does not read.</summary>
    public const string Unread = "unread streams";

    /// <summary>Streams of 3,000 events, as fast as the client reads.</summary>
    public const string Streams = "100 fast streams";

    private const int StreamedCharacters = 12_000; // four are a token

    public static IReadOnlyList<HostileRequest> Create(Uri llm, string key)
    {
        PreparedRequest Chat(string members) =>
            PreparedRequest.Post(
                llm,
                "/v1/chat/completions",
                key,
                Encoding.ASCII.GetBytes($$"""{"model":"mock",{{members}}}"""),
                StatusCodes.Status200OK
            );
        string Message(int characters) => $$"""{"role":"user","content":"{{new string('x', characters)}}"}""";
        string Repeat(string item, int times) => string.Join(',', Enumerable.Repeat(item, times));

        return
        [
            new(Flood, Chat($"\"messages\":[{Message(100)}]")),
            new(Errors, Chat($"\"messages\":[{Repeat("{}", 1_000_000)}]")),
            new(Large, Chat($"\"messages\":[{Message(8_000_000)}]")),
            new(Dense, Chat($"\"messages\":[{Message(1)}],\"x\":[{Repeat("[]", 1_300_000)}]")),
            new(Streams, Chat($"\"messages\":[{Message(StreamedCharacters)}],\"stream\":true")) { Connections = 100 },
            new(Unread, Chat($"\"messages\":[{Message(1_000_000)}],\"stream\":true")) { IsRead = false },
        ];
    }
}
