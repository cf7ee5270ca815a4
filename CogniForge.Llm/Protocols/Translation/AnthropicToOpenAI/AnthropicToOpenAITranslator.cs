using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>Connects clients of Anthropic's messages to providers of OpenAI's chat completions.</summary>
internal sealed class AnthropicToOpenAITranslator : ITranslator
{
    public Protocol Client => Protocol.Messages;

    public Protocol Provider => Protocol.ChatCompletions;

    public TranslatedRequest Request(JsonField body, ProviderKind kind, bool keepsCacheControl) =>
        RequestTranslator.Translate(CacheControlMarks.Remove(body, keepsCacheControl), kind);

    public JsonObject Response(JsonObject request, JsonObject body) =>
        JsonField.ReadProvider(StrictJson.Copy(body), r => ResponseTranslator.Translate(r, Names(request)));

    public IStreamTranslator Stream(JsonObject request) => new StreamTranslator(Names(request));

    private static ToolNameMap Names(JsonObject request) =>
        new(request["tools"].Objects().Select(t => t["name"].Text()));
}
