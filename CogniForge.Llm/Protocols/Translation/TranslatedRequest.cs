using System.Text.Json.Nodes;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>A request in a provider's protocol.</summary>
/// <param name="Body">The body.</param>
/// <param name="Dropped">
/// The names of dropped fields without an equivalent, e.g. <c>seed</c>; a response header lists them for the client.
/// </param>
internal sealed record TranslatedRequest(JsonObject Body, IReadOnlyList<string> Dropped);
