namespace CogniForge.Llm.Tests.Sdks;

/// <summary>
/// A client's request in neutral terms. A test sends it through an SDK and compares it with what the provider receives.
/// </summary>
internal sealed record ChatRequest
{
    public string? System { get; init; }

    public required IReadOnlyList<Turn> Turns { get; init; }

    public IReadOnlyList<ToolSpec> Tools { get; init; } = [];

    /// <summary>auto, any, none or the name of a tool; null if unset.</summary>
    public string? Choice { get; init; }

    public bool OneCallAtATime { get; init; }

    public int MaxTokens { get; init; } = 100;

    public double? Temperature { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>The JSON schema of the response; null for text.</summary>
    public string? Schema { get; init; }

    public string? User { get; init; }

    public static ChatRequest Create(string text) => new() { Turns = [Turn.User(text)] };
}
