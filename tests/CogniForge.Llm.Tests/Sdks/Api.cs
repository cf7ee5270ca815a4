namespace CogniForge.Llm.Tests.Sdks;

/// <summary>The API of a client or a provider.</summary>
public enum Api
{
    OpenAI,
    Anthropic,
}
