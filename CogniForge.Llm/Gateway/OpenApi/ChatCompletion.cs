namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>OpenAI's <c>chat.completion</c>.</summary>
internal sealed record ChatCompletion(
    string Id,
    string Object,
    long Created,
    string Model,
    IReadOnlyList<ChatCompletionChoice> Choices,
    ChatCompletionUsage Usage
);
