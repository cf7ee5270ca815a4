using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Tests.Protocols;

/// <summary>Helpers to write and compare wire JSON and events.</summary>
internal static class Wire
{
    public static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    public static JsonObject Node(string json) => JsonNode.Parse(json)!.AsObject();

    public static SseEvent Event(string data, string? name = null) => new(name, Encoding.UTF8.GetBytes(data));

    public static JsonObject Data(this SseEvent item) => JsonNode.Parse(item.Data.Span)!.AsObject();

    public static StreamEventKind Read(this ProtocolStreamReader reader, string data, string? name = null) =>
        reader.Read(Event(data, name));

    public static void AssertEqual(JsonNode? expected, JsonNode? actual) =>
        Assert.True(
            JsonNode.DeepEquals(expected, actual),
            $"Expected: {expected?.ToJsonString()}\nActual:   {actual?.ToJsonString()}"
        );

    public static void AssertEqual(string expected, JsonNode? actual) => AssertEqual(JsonNode.Parse(expected), actual);
}
