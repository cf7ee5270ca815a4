using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Domain.Failures;
using CogniForge.Llm.Domain.Spending;

namespace CogniForge.Llm.Domain.Protocols;

/// <summary>What the gateway must know of a protocol: how to read a provider's answers in it, and how to tell a client in it of a failure. Stateless.</summary>
internal abstract class Dialect
{
    /// <summary>The protocol.</summary>
    public abstract Protocol Protocol { get; }

    /// <summary>The path below a provider's base URL, e.g. <c>chat/completions</c>.</summary>
    public abstract string Path { get; }

    /// <summary>Reads a complete answer (status 200).</summary>
    /// <param name="answer">The answer's JSON object.</param>
    public abstract AnswerFacts Read(JsonElement answer);

    /// <summary>An answer in the form that was asked for, where servers may give another; as it came everywhere else.</summary>
    /// <param name="request">The client's request.</param>
    /// <param name="answer">The answer's JSON object.</param>
    /// <param name="body">The same as it came.</param>
    public virtual ReadOnlyMemory<byte> AsAsked(JsonElement request, JsonElement answer, ReadOnlyMemory<byte> body) => body;

    /// <summary>A reader for one stream.</summary>
    public abstract StreamReader ReadStream();

    /// <summary>What ends a stream that went well, after the provider's own last event; empty where the protocol has no such event.</summary>
    public abstract IReadOnlyList<SseEvent> End { get; }

    /// <summary>The error body that the protocol's SDKs read.</summary>
    public abstract JsonObject Error(ClientError error);

    /// <summary>How an error is told in a stream that has begun. Nothing follows it.</summary>
    /// <param name="error">The error.</param>
    /// <param name="before">How many events have gone out before it.</param>
    public abstract SseEvent StreamError(ClientError error, int before);

    /// <summary>The complete answer that a stream's events amount to (without <see cref="End"/>).</summary>
    /// <param name="events">All events of a stream that ended well.</param>
    public abstract JsonObject Collect(IEnumerable<SseEvent> events);

    /// <summary>The events of a stream that amounts to a complete answer, without <see cref="End"/>: the reverse of <see cref="Collect"/>.</summary>
    /// <param name="answer">The answer.</param>
    public abstract IEnumerable<SseEvent> Replay(JsonObject answer);

    /// <summary>
    /// The characters of a complete answer, by which its output is estimated where the provider sends no usage: those that its stream would have, since the same answer costs the same, streamed or not.
    /// </summary>
    /// <param name="answer">The answer, JSON in UTF-8.</param>
    public virtual int OutputCharacters(ReadOnlySpan<byte> answer)
    {
        try
        {
            var reader = ReadStream();
            foreach (var item in Replay(SoundJson.Parse(answer)))
            {
                reader.Read(item);
            }

            return reader.OutputCharacters;
        }
        catch (JsonException)
        {
            return answer.Length; // good enough for an answer that cannot be taken apart
        }
    }
}

/// <summary>What an answer says of itself.</summary>
/// <param name="Id">The provider's id of it; null: it has none.</param>
/// <param name="Model">The model that answered; null: it does not say.</param>
/// <param name="FinishReason">Why it ended, in the protocol's own words; null: it does not say.</param>
/// <param name="Usage">The tokens; null: it does not say.</param>
/// <param name="Failure">The error that a provider hid in a status of 200; null: none.</param>
/// <param name="Cost">What the answer cost by the provider's own word, in its currency (OpenRouter: credits, which are USD); null: it does not say.</param>
/// <param name="ServiceTier">The service tier that it was made in; null: it does not say.</param>
internal sealed record AnswerFacts(string? Id, string? Model, string? FinishReason, TokenUsage? Usage, Failure? Failure = null, decimal? Cost = null, string? ServiceTier = null)
{
    /// <summary>The model that answered, cut where it is long; null: it does not say.</summary>
    public string? Model { get; init => field = ShortText.Of(value); } = ShortText.Of(Model);

    /// <summary>Why it ended, cut where it is long; null: it does not say.</summary>
    public string? FinishReason { get; init => field = ShortText.Of(value); } = ShortText.Of(FinishReason);

    /// <summary>The service tier, cut where it is long; null: it does not say.</summary>
    public string? ServiceTier { get; init => field = ShortText.Of(value); } = ShortText.Of(ServiceTier);
}

/// <summary>Follows one stream of a provider. Not thread-safe.</summary>
internal abstract class StreamReader
{
    /// <summary>What is known so far; the usage is that of the latest event that had one.</summary>
    public AnswerFacts Facts { get; protected set; } = new(null, null, null, null);

    /// <summary>Characters of text and tool arguments so far, by which the output is estimated where the provider sends no usage.</summary>
    public int OutputCharacters { get; protected set; }

    /// <summary>Whether the provider has said all: a stream that ends without this was cut.</summary>
    public bool IsComplete { get; protected set; }

    /// <summary>Reads the next event.</summary>
    /// <returns>What it is to the client.</returns>
    /// <exception cref="JsonException">The event is no JSON object, or not of this protocol.</exception>
    public abstract EventKind Read(SseEvent item);
}

/// <summary>What an event of a stream is to the client.</summary>
internal enum EventKind
{
    /// <summary>Carries nothing of the answer yet (a role, a ping, an opened block): if the provider fails now, another may still answer.</summary>
    Preamble,

    /// <summary>Carries a part of the answer or its end.</summary>
    Content,

    /// <summary>Carries only the usage (OpenAI's chat): not for a client that did not ask for it.</summary>
    Usage,

    /// <summary>Tells of an error; it is in <see cref="AnswerFacts.Failure"/>.</summary>
    Error,

    /// <summary>Ends the stream (<c>[DONE]</c>); the gateway sends its own <see cref="Dialect.End"/>.</summary>
    End,
}
