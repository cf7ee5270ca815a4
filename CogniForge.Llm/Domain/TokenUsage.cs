namespace CogniForge.Llm.Domain;

/// <summary>What a completion consumed, in tokens of the answering model.</summary>
/// <param name="Input">Tokens of the prompt, 0 or more.</param>
/// <param name="Output">Tokens of the answer, 0 or more.</param>
internal readonly record struct TokenUsage(int Input, int Output)
{
    /// <summary>Input and output together.</summary>
    public int Total => Input + Output;
}
