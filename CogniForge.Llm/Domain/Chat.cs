using CogniForge.Llm.Domain.Spending;

namespace CogniForge.Llm.Domain;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role">Who speaks: one of <see cref="MessageRole.All"/>.</param>
/// <param name="Text">What is said; the text parts of a message with several parts, joined.</param>
internal sealed record Message(string Role, string Text);

/// <summary>The roles of OpenAI's chat completions.</summary>
internal static class MessageRole
{
    public const string User = "user";
    public const string Assistant = "assistant";

    public static IReadOnlyList<string> All { get; } = ["developer", "system", User, Assistant, "tool", "function"];
}

/// <summary>A request for a completion.</summary>
/// <param name="Model">The model that the client asks for.</param>
/// <param name="Messages">The conversation, at least one message.</param>
/// <param name="MaxTokens">The most tokens of the answer; null: as many as it takes.</param>
internal sealed record ChatRequest(string Model, IReadOnlyList<Message> Messages, int? MaxTokens);

/// <summary>A model's answer.</summary>
/// <param name="Model">The model that answered.</param>
/// <param name="Text">The answer.</param>
/// <param name="FinishReason">Why it ended: <c>stop</c> or <c>length</c>.</param>
/// <param name="Usage">What it consumed.</param>
internal sealed record ChatAnswer(string Model, string Text, string FinishReason, TokenUsage Usage);
