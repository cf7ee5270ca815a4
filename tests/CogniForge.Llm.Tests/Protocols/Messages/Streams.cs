using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Tests.Protocols.Messages;

/// <summary>Helpers to write, translate and compare streams.</summary>
internal static class Streams
{
    /// <summary>
    /// Parses a stream, written as <c>event: name</c> and <c>data: {…}</c> lines. Any other line continues the data of
    /// the line before, to keep lines short.
    /// </summary>
    public static List<SseEvent> Parse(string text)
    {
        var events = new List<(string Data, string? Name)>();
        string? name = null;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add((line[6..], name));
                name = null;
            }
            else
            {
                events[^1] = (events[^1].Data + line, events[^1].Name);
            }
        }

        return [.. events.Select(e => Wire.Event(e.Data, e.Name))];
    }

    /// <summary>Returns all translated events of a stream.</summary>
    public static List<SseEvent> Run(this IStreamTranslator translator, IEnumerable<SseEvent> events) =>
        [.. events.SelectMany(e => translator.Translate(e).ToList()), .. translator.Complete()];

    public static void AssertEqual(string expected, IEnumerable<SseEvent> actual)
    {
        var (expectedEvents, actualEvents) = (Parse(expected), actual.ToList());
        for (var i = 0; i < Math.Min(expectedEvents.Count, actualEvents.Count); i++)
        {
            Assert.Equal(expectedEvents[i].Name, actualEvents[i].Name);
            Wire.AssertEqual(expectedEvents[i].Data(), actualEvents[i].Data());
        }

        Assert.True(
            expectedEvents.Count == actualEvents.Count,
            $"expected {expectedEvents.Count} events, but received\n{string.Join('\n', actualEvents)}"
        );
    }
}
