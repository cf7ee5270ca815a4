namespace CogniForge.Llm.Tests.Sdks;

/// <summary>The two APIs: what a client speaks, and what a provider speaks.</summary>
public enum Api
{
    OpenAI,
    Anthropic,
}
