using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>OpenAI's chat clients at Anthropic's models.</summary>
/// <param name="time">The clock: Anthropic's answers have no time, OpenAI's must.</param>
internal sealed class ChatToMessages(TimeProvider time) : ITranslation
{
    /// <inheritdoc/>
    public Protocol Client => Protocol.ChatCompletions;

    /// <inheritdoc/>
    public Protocol Provider => Protocol.Messages;

    /// <inheritdoc/>
    public TranslatedRequest Request(JsonObject body) => ChatRequestToMessages.Translate(Field.OfRequest(body));

    /// <inheritdoc/>
    /// <exception cref="System.Text.Json.JsonException">It is no message.</exception>
    public JsonObject Answer(JsonObject request, JsonObject body) => Field.OfProvider(SoundJson.Copy(body), answer => MessagesAnswerToChat.Translate(answer, Now));

    /// <inheritdoc/>
    public IStreamTranslation Stream(JsonObject request) => new MessagesStreamToChat(
        new(Now, ChatRequestToMessages.IncludesUsage(Field.OfRequest(new() { ["stream_options"] = request["stream_options"]?.DeepClone() }))));

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();
}
