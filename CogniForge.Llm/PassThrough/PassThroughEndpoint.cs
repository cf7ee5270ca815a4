using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.PassThrough;

/// <summary>An endpoint whose requests go to a provider as they are.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below <c>/v1</c>, e.g. <c>files/{id}/content</c>.</param>
/// <param name="Operation">The name in the request log, metrics and spans, e.g. <c>files</c>.</param>
/// <param name="Id">The id of the operation in the OpenAPI document.</param>
/// <param name="Summary">The summary in the OpenAPI document.</param>
internal sealed record PassThroughEndpoint(string Method, string Path, string Operation, string Id, string Summary)
{
    /// <summary>
    /// The API: <see cref="Protocol.ChatCompletions"/> for OpenAI's, <see cref="Protocol.Responses"/> for a part that
    /// few others have, <see cref="Protocol.Messages"/> for Anthropic's; null: both have the path, and the header
    /// <c>anthropic-version</c> decides.
    /// </summary>
    public Protocol? Protocol { get; init; } = Protocols.Protocol.ChatCompletions;

    public RequestContent Content { get; init; }

    public Charge Charge { get; init; }

    /// <summary>The model that the API assumes if the request names none; null: the model is required.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>An example of the JSON body; null: it has none.</summary>
    public string? Example { get; init; }

    /// <summary>Whether the request names a model, which selects the route.</summary>
    public bool HasModel => Content is RequestContent.Form || (Content == RequestContent.Json && !KeepsState);

    /// <summary>Whether the provider keeps what the response names.</summary>
    public bool KeepsState => Operation is "files" or "batches" or "message_batches" or "responses";

    /// <summary>Whether the response lists what the provider keeps for the account.</summary>
    public bool IsList => Method == HttpMethods.Get && !Path.Contains('{', StringComparison.Ordinal);

    /// <summary>Whether the response is a file, also where it is JSON.</summary>
    public bool IsDownload =>
        Path.EndsWith("/content", StringComparison.Ordinal) || Path.EndsWith("/results", StringComparison.Ordinal);

    /// <summary>Whether a repeated request does no harm.</summary>
    public bool IsRepeatable => Content == RequestContent.None || (Content == RequestContent.Json && !KeepsState);
}
