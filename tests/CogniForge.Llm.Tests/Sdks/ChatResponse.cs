namespace CogniForge.Llm.Tests.Sdks;

/// <summary>
/// A model's response in neutral terms: sent by a fake provider, and received through a client's SDK.
/// </summary>
internal sealed record ChatResponse(string Text, FinishReason FinishReason = FinishReason.Stop)
{
    public IReadOnlyList<ToolCall> Calls { get; init; } = [];

    public Tokens Tokens { get; init; } = new(7, 3);

    /// <summary>The model of the response; empty for the requested one.</summary>
    public string Model { get; init; } = "";
}
