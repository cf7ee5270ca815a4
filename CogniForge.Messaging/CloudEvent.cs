using System.Text.Json;

namespace CogniForge.Messaging;

/// <summary>An event as CloudEvents 1.0 defines it, with a JSON body.</summary>
/// <param name="Id">Unique for its source; UUID version 7 for ours.</param>
/// <param name="Type">What happened, e.g. <c>llm.completion.recorded.v1</c>; also the routing key.</param>
/// <param name="Source">The service that it comes from, e.g. <c>/cogniforge/llm</c>.</param>
/// <param name="Time">When it happened, UTC.</param>
/// <param name="Data">The body, JSON in UTF-8.</param>
/// <param name="TraceParent">The W3C trace context that it belongs to; <see langword="null"/>: none.</param>
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

    /// <summary>The JSON form of event bodies: camelCase, as in our HTTP APIs.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>Makes an event.</summary>
    /// <typeparam name="T">The type of the body: a record, or an array of records for facts of high volume.</typeparam>
    /// <param name="type">What happened.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="time">When it happened.</param>
    /// <param name="data">The body.</param>
    /// <param name="traceParent">The trace that it belongs to.</param>
    public static CloudEvent Create<T>(string type, string source, DateTimeOffset time, T data, string? traceParent) =>
        new(
            Guid.CreateVersion7(time).ToString(),
            type,
            source,
            time,
            JsonSerializer.SerializeToUtf8Bytes(data, Json),
            traceParent
        );

    /// <summary>Reads the body.</summary>
    /// <typeparam name="T">What the reader needs of it: a record of the reader's own.</typeparam>
    /// <exception cref="EventRejectedException">The body is not of that form.</exception>
    public T Read<T>()
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Data.Span, Json)
                ?? throw new EventRejectedException($"The body of {Type} {Id} is null.");
        }
        catch (JsonException e)
        {
            throw new EventRejectedException($"The body of {Type} {Id} is not of the expected form: {e.Message}", e);
        }
    }
}
