using CogniForge.Llm.Application;
using CogniForge.Llm.Domain;
using CogniForge.Llm.Domain.Spending;

namespace CogniForge.Llm.Infrastructure.Mock;

/// <summary>
/// A provider that needs no account: it says back the last user message, always in the same way. One token is four characters, rounded up.
/// </summary>
internal sealed class MockTransport : IChatTransport
{
    private const int CharactersPerToken = 4;

    public string Provider => "mock";

    public IReadOnlyList<string> Models { get; } = ["mock"];

    public Task<ChatAnswer> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        var said = request.Messages.LastOrDefault(m => m.Role == MessageRole.User)?.Text ?? "";
        var text = $"You said: {said}";
        var finish = "stop";
        if (request.MaxTokens is { } max && Tokens(text) > max)
        {
            // A token may end in the middle of a character of two UTF-16 units; an answer may not.
            var length = max * CharactersPerToken;
            (text, finish) = (text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)], "length");
        }

        var usage = new TokenUsage(request.Messages.Sum(m => Tokens(m.Text)), Tokens(text));
        return Task.FromResult(new ChatAnswer(request.Model, text, finish, usage));
    }

    private static int Tokens(string text) => (text.Length + CharactersPerToken - 1) / CharactersPerToken;
}
