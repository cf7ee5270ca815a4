namespace CogniForge.Llm.Tests.Sdks;

/// <summary>One turn of a conversation, by the user or the assistant.</summary>
internal sealed record Turn(string Role, string? Text)
{
    public Image? Image { get; init; }

    public IReadOnlyList<ToolCall> Calls { get; init; } = [];

    public IReadOnlyList<ToolResult> Results { get; init; } = [];

    public static Turn User(string text) => new("user", text);

    public static Turn Assistant(string text) => new("assistant", text);
}
