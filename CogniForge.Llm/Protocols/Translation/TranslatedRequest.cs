using System.Text.Json.Nodes;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>A request in a provider's protocol.</summary>
/// <param name="Body">The body.</param>
/// <param name="Dropped">The names of fields that have no equivalent and are gone, e.g. <c>seed</c>; the client is told in a header.</param>
internal sealed record TranslatedRequest(JsonObject Body, IReadOnlyList<string> Dropped);
