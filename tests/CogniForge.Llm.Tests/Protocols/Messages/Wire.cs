using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Domain.Protocols;

namespace CogniForge.Llm.Tests.Protocols.Messages;

/// <summary>Bodies and streams as they are on the wire.</summary>
internal static class Wire
{
    public static JsonObject Json(string json) => JsonNode.Parse(json)!.AsObject();

    public static JsonElement Element(string json) => JsonDocument.Parse(json).RootElement;

    /// <summary>The events of a stream, written as <c>event: name</c> and <c>data: {…}</c> lines.</summary>
    public static List<SseEvent> Stream(string text)
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
                events.Add(new(name, Encoding.UTF8.GetBytes(line[6..])));
                name = null;
            }
        }

        return events;
    }

    public static JsonObject Data(this SseEvent item) => JsonNode.Parse(item.Data.Span)!.AsObject();

    /// <summary>All that a client gets of a stream.</summary>
    public static List<SseEvent> Run(this IStreamTranslation translation, IEnumerable<SseEvent> events) =>
        [.. events.SelectMany(e => translation.Translate(e).ToList()), .. translation.Complete()];

    public static void AssertJson(string expected, JsonNode? actual) => AssertJson(JsonNode.Parse(expected), actual);

    public static void AssertJson(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"expected {expected?.ToJsonString(WireJson.Options)}\nbut was  {actual?.ToJsonString(WireJson.Options)}");

    public static void AssertStream(string expected, IEnumerable<SseEvent> actual)
    {
        var (wanted, got) = (Stream(expected), actual.ToList());
        for (var i = 0; i < Math.Min(wanted.Count, got.Count); i++)
        {
            Assert.Equal(wanted[i].Name, got[i].Name);
            AssertJson(wanted[i].Data(), got[i].Data());
        }

        Assert.True(wanted.Count == got.Count, $"expected {wanted.Count} events but got\n{string.Join('\n', got)}");
    }
}
