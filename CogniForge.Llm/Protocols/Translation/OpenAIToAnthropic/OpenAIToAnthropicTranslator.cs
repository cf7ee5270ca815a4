using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>Connects clients of OpenAI's chat completions to providers of Anthropic's messages.</summary>
/// <param name="time">The clock for <c>created</c>, which OpenAI requires and Anthropic does not send.</param>
/// <param name="isInner">
/// Whether another translator reads the streams: it needs each thinking block where it ends, a client all at the end.
/// </param>
internal sealed class OpenAIToAnthropicTranslator(TimeProvider time, bool isInner = false) : ITranslator
{
    public Protocol Client => Protocol.ChatCompletions;

    public Protocol Provider => Protocol.Messages;

    public TranslatedRequest Request(JsonField body, ProviderKind kind, bool keepsCacheControl) =>
        RequestTranslator.Translate(body);

    public JsonObject Response(JsonObject request, JsonObject body) =>
        JsonField.ReadProvider(StrictJson.Copy(body), r => ResponseTranslator.Translate(r, Now, Names(request)));

    public IStreamTranslator Stream(JsonObject request) =>
        new StreamTranslator(
            new(
                Now,
                RequestTranslator.IncludesUsage(
                    JsonField.FromRequest(
                        new JsonObject { ["stream_options"] = request["stream_options"]?.DeepClone() }
                    )
                )
            ),
            Names(request),
            isInner
        );

    private static ToolNameMap Names(JsonObject request) =>
        new(request["tools"].Objects().Select(t => (t["function"] as JsonObject)?["name"].Text()));

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();
}
