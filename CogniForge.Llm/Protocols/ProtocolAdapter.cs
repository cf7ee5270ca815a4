using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols;

/// <summary>Reads a provider's responses in one protocol and writes errors to clients in it. Stateless.</summary>
internal abstract class ProtocolAdapter
{
    public abstract Protocol Protocol { get; }

    /// <summary>The path below a provider's base URL, e.g. <c>chat/completions</c>.</summary>
    public abstract string Path { get; }

    /// <summary>Reads the metadata of a complete response (status 200).</summary>
    /// <exception cref="JsonException">The response contains invalid Unicode.</exception>
    public ResponseMetadata Read(JsonElement response) =>
        InvalidUnicode.Throw((Adapter: this, response), static s => s.Adapter.ReadCore(s.response));

    /// <inheritdoc cref="Read"/>
    protected abstract ResponseMetadata ReadCore(JsonElement response);

    /// <summary>Reads the ids of what the provider keeps, by which later requests can refer to it.</summary>
    /// <exception cref="JsonException">The response contains invalid Unicode.</exception>
    public IReadOnlyList<string> ReadStateIds(JsonElement response) =>
        InvalidUnicode.Throw((Adapter: this, response), static s => s.Adapter.ReadStateIdsCore(s.response));

    /// <inheritdoc cref="ReadStateIds"/>
    protected virtual IReadOnlyList<string> ReadStateIdsCore(JsonElement response) => [];

    /// <summary>Converts a response to the format of the request, for servers that ignore the requested one.</summary>
    /// <param name="request">The client's request.</param>
    /// <param name="response">The response's JSON object.</param>
    /// <param name="body">The same response as received; returned unchanged when no conversion is needed.</param>
    /// <exception cref="JsonException">The response contains a duplicate name or invalid Unicode.</exception>
    public virtual ReadOnlyMemory<byte> ConvertToRequestedFormat(
        JsonElement request,
        JsonElement response,
        ReadOnlyMemory<byte> body
    ) => body;

    /// <summary>Creates a reader for one stream.</summary>
    public abstract ProtocolStreamReader CreateStreamReader();

    /// <summary>
    /// The terminator of a complete stream, after the provider's last event; empty if the protocol has none.
    /// </summary>
    public abstract IReadOnlyList<SseEvent> StreamEnd { get; }

    /// <summary>The keep-alive of a client's stream: a comment, which clients ignore.</summary>
    public virtual ReadOnlyMemory<byte> KeepAlive { get; } = ": keep-alive\n\n"u8.ToArray();

    /// <summary>Creates the error body that the protocol's SDKs read.</summary>
    public abstract JsonObject Error(ClientError error);

    /// <summary>Creates the error event that ends a stream which has already started.</summary>
    /// <param name="error">The error.</param>
    /// <param name="eventsSent">The number of events that the client has already received.</param>
    public abstract SseEvent StreamError(ClientError error, int eventsSent);

    /// <summary>Builds the complete response from the events of a stream.</summary>
    /// <param name="events">All events of a complete stream, without <see cref="StreamEnd"/>.</param>
    public abstract JsonObject Aggregate(IEnumerable<SseEvent> events);

    /// <summary>
    /// Writes a complete response as stream events, without <see cref="StreamEnd"/>: the reverse of <see
    /// cref="Aggregate"/>.
    /// </summary>
    public abstract IEnumerable<SseEvent> Replay(JsonObject response);

    /// <summary>
    /// Reads the output of a complete response, to estimate its tokens when the provider sends no usage. Reads it like
    /// a stream, so that a response costs the same whether it is streamed or not.
    /// </summary>
    /// <param name="response">The response, JSON in UTF-8.</param>
    public virtual TextSample ReadOutput(ReadOnlySpan<byte> response)
    {
        try
        {
            var reader = CreateStreamReader();
            foreach (var item in Replay(StrictJson.Parse(response)))
            {
                reader.Read(item);
            }

            return reader.Output;
        }
        catch (JsonException)
        {
            return TextSample.From(response); // a sufficient estimate for a response that does not parse
        }
    }
}
