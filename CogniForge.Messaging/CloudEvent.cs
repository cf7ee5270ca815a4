using System.Text.Encodings.Web;
using System.Text.Json;

namespace CogniForge.Messaging;

/// <summary>An event as CloudEvents 1.0 defines it, with a JSON body.</summary>
/// <param name="Id">Unique within its source; UUID version 7 for events of this system.</param>
/// <param name="Type">The event type, e.g. <c>llm.completion.recorded.v1</c>; also the routing key.</param>
/// <param name="Source">The service that emits it, e.g. <c>/cogniforge/llm</c>.</param>
/// <param name="Time">When the event occurred, UTC.</param>
/// <param name="Data">The body, JSON in UTF-8.</param>
/// <param name="TraceParent">The W3C trace context, or <see langword="null"/> if the event belongs to no trace.</param>
public sealed record CloudEvent(
    string Id,
    string Type,
    string Source,
    DateTimeOffset Time,
    ReadOnlyMemory<byte> Data,
    string? TraceParent
)
{
    /// <summary>The media type of <see cref="Data"/>.</summary>
    public const string DataContentType = "application/json";

    /// <summary>
    /// The JSON format of event bodies: camelCase, as in the HTTP APIs. Escapes for HTML would make a body six times as
    /// large as what it contains.
    /// </summary>
    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Creates an event with a new id.</summary>
    /// <typeparam name="T">The type of the body: a record, or an array of records for high-volume events.</typeparam>
    /// <param name="type">The event type.</param>
    /// <param name="source">The service that emits it.</param>
    /// <param name="time">When the event occurred.</param>
    /// <param name="data">The body.</param>
    /// <param name="traceParent">The W3C trace context, if any.</param>
    public static CloudEvent Create<T>(string type, string source, DateTimeOffset time, T data, string? traceParent) =>
        new(
            Guid.CreateVersion7(time).ToString(),
            type,
            source,
            time,
            JsonSerializer.SerializeToUtf8Bytes(data, Json),
            traceParent
        );

    /// <summary>Deserializes the body.</summary>
    /// <typeparam name="T">The consumer's own record of the fields that it needs.</typeparam>
    /// <exception cref="EventRejectedException">The body does not match <typeparamref name="T"/>.</exception>
    public T Read<T>()
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Data.Span, Json)
                ?? throw new EventRejectedException($"The body of {Type} {Id} is null.");
        }
        catch (JsonException e)
        {
            throw new EventRejectedException($"The body of {Type} {Id} has an unexpected form: {e.Message}", e);
        }
    }
}
