namespace CogniForge.Llm.Tests.Sdks;

/// <summary>What one side says at a time.</summary>
internal sealed record Turn(string Role, string? Text)
{
    public Picture? Picture { get; init; }

    public IReadOnlyList<Call> Calls { get; init; } = [];

    public IReadOnlyList<Result> Results { get; init; } = [];

    public static Turn User(string text) => new("user", text);

    public static Turn Assistant(string text) => new("assistant", text);
}
