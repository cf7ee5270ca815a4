using System.Text.Encodings.Web;
using System.Text.Json;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>How the gateway writes JSON that is not its own: letters stay letters, as providers and SDKs write them.</summary>
internal static class WireJson
{
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerOptions.Default) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
