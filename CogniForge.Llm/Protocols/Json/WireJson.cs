using System.Text.Encodings.Web;
using System.Text.Json;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>Options for writing wire JSON: non-ASCII letters are not escaped, as in providers' and SDKs' own JSON.</summary>
internal static class WireJson
{
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerOptions.Default) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
