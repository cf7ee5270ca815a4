namespace CogniForge.Llm.Tests.Sdks;

/// <summary>What a client asks, in no API's words. A test asks it through an SDK and compares it with what the provider was asked.</summary>
internal sealed record Question
{
    public string? System { get; init; }

    public required IReadOnlyList<Turn> Turns { get; init; }

    public IReadOnlyList<ToolSpec> Tools { get; init; } = [];

    /// <summary>auto, any, none or the name of a tool; null: it is not said.</summary>
    public string? Choice { get; init; }

    public bool OneCallAtATime { get; init; }

    public int MaxTokens { get; init; } = 100;

    public double? Temperature { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>The JSON schema of the answer; null: it is text.</summary>
    public string? Schema { get; init; }

    public string? User { get; init; }

    public static Question Create(string text) => new() { Turns = [Turn.User(text)] };
}
