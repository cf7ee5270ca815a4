using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>OpenAI's chat clients at Anthropic's models.</summary>
/// <param name="time">The clock: Anthropic's answers have no time, OpenAI's must.</param>
internal sealed class OpenAIToAnthropicTranslator(TimeProvider time) : ITranslator
{
    public Protocol Client => Protocol.ChatCompletions;

    public Protocol Provider => Protocol.Messages;

    public TranslatedRequest Request(JsonObject body) => RequestTranslator.Translate(JsonField.FromRequest(body));

    /// <exception cref="System.Text.Json.JsonException">It is no message.</exception>
    public JsonObject Answer(JsonObject request, JsonObject body) =>
        JsonField.ReadProvider(StrictJson.Copy(body), response => ResponseTranslator.Translate(response, Now));

    public IStreamTranslator Stream(JsonObject request) =>
        new StreamTranslator(
            new(
                Now,
                RequestTranslator.IncludesUsage(
                    JsonField.FromRequest(new() { ["stream_options"] = request["stream_options"]?.DeepClone() })
                )
            )
        );

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();
}
