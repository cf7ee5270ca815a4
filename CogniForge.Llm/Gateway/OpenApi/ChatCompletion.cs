namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A <c>chat.completion</c> object of OpenAI's API.</summary>
internal sealed record ChatCompletion(
    string Id,
    string Object,
    long Created,
    string Model,
    IReadOnlyList<ChatCompletionChoice> Choices,
    ChatCompletionUsage Usage
);
