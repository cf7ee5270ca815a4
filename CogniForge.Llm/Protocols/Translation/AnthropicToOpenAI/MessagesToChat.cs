using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>Anthropic's clients at models behind OpenAI's chat completions.</summary>
internal sealed class MessagesToChat : ITranslation
{
    /// <inheritdoc/>
    public Protocol Client => Protocol.Messages;

    /// <inheritdoc/>
    public Protocol Provider => Protocol.ChatCompletions;

    /// <inheritdoc/>
    public TranslatedRequest Request(JsonObject body) => MessagesRequestToChat.Translate(Field.OfRequest(body));

    /// <inheritdoc/>
    /// <exception cref="System.Text.Json.JsonException">It is no chat completion.</exception>
    public JsonObject Answer(JsonObject request, JsonObject body) => Field.OfProvider(SoundJson.Copy(body), ChatAnswerToMessages.Translate);

    /// <inheritdoc/>
    public IStreamTranslation Stream(JsonObject request) => new ChatStreamToMessages();
}
