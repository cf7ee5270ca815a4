using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Tests.Protocols.Messages;

/// <summary>Short ways to write, translate and compare streams.</summary>
internal static class Streams
{
    /// <summary>The events of a stream, written as <c>event: name</c> and <c>data: {…}</c> lines.</summary>
    public static List<SseEvent> Parse(string text)
    {
        var events = new List<SseEvent>();
        string? name = null;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(Wire.Event(line[6..], name));
                name = null;
            }
        }

        return events;
    }

    /// <summary>All that a client gets of a stream.</summary>
    public static List<SseEvent> Run(this IStreamTranslator translation, IEnumerable<SseEvent> events) =>
        [.. events.SelectMany(e => translation.Translate(e).ToList()), .. translation.Complete()];

    public static void AssertEqual(string expected, IEnumerable<SseEvent> actual)
    {
        var (wanted, got) = (Parse(expected), actual.ToList());
        for (var i = 0; i < Math.Min(wanted.Count, got.Count); i++)
        {
            Assert.Equal(wanted[i].Name, got[i].Name);
            Wire.AssertEqual(wanted[i].Data(), got[i].Data());
        }

        Assert.True(wanted.Count == got.Count, $"expected {wanted.Count} events but got\n{string.Join('\n', got)}");
    }
}
