namespace CogniForge.Llm.Tests.Sdks;

/// <summary>What a model answers, in no API's words: a fake provider says it, and a client's SDK hears it.</summary>
internal sealed record Answer(string Text, Finish Finish = Finish.Stop)
{
    public IReadOnlyList<Call> Calls { get; init; } = [];

    public Tokens Tokens { get; init; } = new(7, 3);

    /// <summary>The model that answers; empty: the one that is asked.</summary>
    public string Model { get; init; } = "";
}
