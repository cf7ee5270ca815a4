namespace CogniForge.Llm.Tests.Sdks;

/// <summary>The two APIs: what a client speaks, and what a provider speaks.</summary>
public enum Api
{
    OpenAI,
    Anthropic,
}

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

    public static Question Of(string text) => new() { Turns = [Turn.User(text)] };
}

/// <summary>What one side says at a time.</summary>
internal sealed record Turn(string Role, string? Text)
{
    public Picture? Picture { get; init; }

    public IReadOnlyList<Call> Calls { get; init; } = [];

    public IReadOnlyList<Result> Results { get; init; } = [];

    public static Turn User(string text) => new("user", text);

    public static Turn Assistant(string text) => new("assistant", text);
}

internal sealed record Picture(string MediaType, string Base64);

/// <param name="Schema">The JSON schema of the arguments.</param>
internal sealed record ToolSpec(string Name, string Description, string Schema);

/// <param name="Arguments">A JSON object.</param>
internal sealed record Call(string Id, string Name, string Arguments);

internal sealed record Result(string Id, string Text);

/// <summary>What a model answers, in no API's words: a fake provider says it, and a client's SDK hears it.</summary>
internal sealed record Answer(string Text, Finish Finish = Finish.Stop)
{
    public IReadOnlyList<Call> Calls { get; init; } = [];

    public Tokens Tokens { get; init; } = new(7, 3);

    /// <summary>The model that answers; empty: the one that is asked.</summary>
    public string Model { get; init; } = "";
}

internal enum Finish
{
    Stop,
    Length,
    Calls,
    Refused,
}

/// <param name="Input">All input tokens, those of the prompt cache among them.</param>
internal sealed record Tokens(int Input, int Output, int CacheRead = 0, int CacheWrite = 0);
