using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols;

/// <summary>What the gateway must know of a protocol: how to read a provider's answers in it, and how to tell a client in it of a failure. Stateless.</summary>
internal abstract class ProtocolAdapter
{
    /// <summary>The protocol.</summary>
    public abstract Protocol Protocol { get; }

    /// <summary>The path below a provider's base URL, e.g. <c>chat/completions</c>.</summary>
    public abstract string Path { get; }

    /// <summary>Reads a complete answer (status 200).</summary>
    /// <param name="response">The answer's JSON object.</param>
    public abstract ResponseMetadata Read(JsonElement response);

    /// <summary>An answer in the form that was asked for, where servers may give another; as it came everywhere else.</summary>
    /// <param name="request">The client's request.</param>
    /// <param name="response">The answer's JSON object.</param>
    /// <param name="body">The same as it came.</param>
    public virtual ReadOnlyMemory<byte> ConvertToRequestedFormat(
        JsonElement request,
        JsonElement response,
        ReadOnlyMemory<byte> body
    ) => body;

    /// <summary>A reader for one stream.</summary>
    public abstract ProtocolStreamReader CreateStreamReader();

    /// <summary>What ends a stream that went well, after the provider's own last event; empty where the protocol has no such event.</summary>
    public abstract IReadOnlyList<SseEvent> StreamEnd { get; }

    /// <summary>The error body that the protocol's SDKs read.</summary>
    public abstract JsonObject Error(ClientError error);

    /// <summary>How an error is told in a stream that has begun. Nothing follows it.</summary>
    /// <param name="error">The error.</param>
    /// <param name="before">How many events have gone out before it.</param>
    public abstract SseEvent StreamError(ClientError error, int before);

    /// <summary>The complete answer that a stream's events amount to (without <see cref="StreamEnd"/>).</summary>
    /// <param name="events">All events of a stream that ended well.</param>
    public abstract JsonObject Aggregate(IEnumerable<SseEvent> events);

    /// <summary>The events of a stream that amounts to a complete answer, without <see cref="StreamEnd"/>: the reverse of <see cref="Aggregate"/>.</summary>
    /// <param name="response">The answer.</param>
    public abstract IEnumerable<SseEvent> Replay(JsonObject response);

    /// <summary>
    /// The characters of a complete answer, by which its output is estimated where the provider sends no usage: those that its stream would have, since the same answer costs the same, streamed or not.
    /// </summary>
    /// <param name="response">The answer, JSON in UTF-8.</param>
    public virtual int OutputCharacters(ReadOnlySpan<byte> response)
    {
        try
        {
            var reader = CreateStreamReader();
            foreach (var item in Replay(StrictJson.Parse(response)))
            {
                reader.Read(item);
            }

            return reader.OutputCharacters;
        }
        catch (JsonException)
        {
            return response.Length; // good enough for an answer that cannot be taken apart
        }
    }
}
