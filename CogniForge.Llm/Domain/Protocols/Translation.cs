using System.Text.Json.Nodes;

namespace CogniForge.Llm.Domain.Protocols;

/// <summary>Carries requests of a client's protocol to a provider of another one, and its answers back. Stateless.</summary>
internal interface ITranslation
{
    /// <summary>What the client speaks.</summary>
    Protocol Client { get; }

    /// <summary>What the provider speaks.</summary>
    Protocol Provider { get; }

    /// <summary>Translates a request. Fields that are unknown here go along as they are.</summary>
    /// <param name="body">The client's body; it is not changed.</param>
    /// <exception cref="UntranslatableException">A field asks for what the other protocol cannot do.</exception>
    TranslatedRequest Request(JsonObject body);

    /// <summary>Translates a complete answer.</summary>
    /// <param name="request">The client's body, of which some protocols repeat parts.</param>
    /// <param name="body">The provider's body; it is not changed.</param>
    JsonObject Answer(JsonObject request, JsonObject body);

    /// <summary>A translator for one stream.</summary>
    /// <param name="request">The client's body.</param>
    IStreamTranslation Stream(JsonObject request);
}

/// <summary>A request in a provider's protocol.</summary>
/// <param name="Body">The body.</param>
/// <param name="Dropped">The names of fields that have no equivalent and are gone, e.g. <c>seed</c>; the client is told in a header.</param>
internal sealed record TranslatedRequest(JsonObject Body, IReadOnlyList<string> Dropped);

/// <summary>Translates one stream. Not thread-safe.</summary>
internal interface IStreamTranslation
{
    /// <summary>The client's events for one of the provider's events: none, one or several. <see cref="SseEvent.Done"/> is never passed in nor given.</summary>
    /// <exception cref="System.Text.Json.JsonException">The event is not of the provider's protocol.</exception>
    IEnumerable<SseEvent> Translate(SseEvent item);

    /// <summary>What is still to be said when the provider's stream has ended well, without the protocol's <see cref="Dialect.End"/>.</summary>
    IEnumerable<SseEvent> Complete();
}

/// <summary>The client asks for something that the provider's protocol cannot do.</summary>
internal sealed class UntranslatableException(string path, string rule) : Exception($"{path} {rule}".TrimStart())
{
    /// <summary>The field's JSON path, e.g. <c>n</c>; null: it is the body itself.</summary>
    public string? Path => path.Length > 0 ? path : null;

    /// <summary>The rule, e.g. "must be 1 for this model".</summary>
    public string Rule => rule;
}
