using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols;

/// <summary>A server-sent event.</summary>
/// <param name="Name">The <c>event:</c> line; null if absent.</param>
/// <param name="Data">The <c>data:</c> lines, joined by line feeds, in UTF-8.</param>
internal readonly record struct SseEvent(string? Name, ReadOnlyMemory<byte> Data)
{
    /// <summary>The terminator of OpenAI's chat streams; it is not JSON.</summary>
    public static SseEvent Done { get; } = new(null, "[DONE]"u8.ToArray());

    public bool IsDone => Data.Span.Trim(" \t\r\n"u8).SequenceEqual(Done.Data.Span);

    /// <summary>Whether its name says that the data is an error, whatever the data's own type.</summary>
    public bool IsError => Name == "error";

    /// <summary>Whether there is no data, or a comment that a relay has made data.</summary>
    public bool IsHeartbeat => Data.Span.TrimStart(" \t\r\n"u8) is not [not (byte)':', ..];

    public static SseEvent Create(string? name, JsonNode data) =>
        new(name, JsonSerializer.SerializeToUtf8Bytes(data, WireJson.Options));

    public override string ToString() =>
        Name is null ? Encoding.UTF8.GetString(Data.Span) : $"{Name}: {Encoding.UTF8.GetString(Data.Span)}";
}
