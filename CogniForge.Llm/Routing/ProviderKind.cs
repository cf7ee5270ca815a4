namespace CogniForge.Llm.Routing;

/// <summary>The kinds of providers; each has its wire protocols and its way to send a key.</summary>
internal enum ProviderKind
{
    /// <summary>Answers by itself, without network and account.</summary>
    Mock,

    /// <summary>api.openai.com.</summary>
    OpenAI,

    /// <summary>api.anthropic.com.</summary>
    Anthropic,

    /// <summary>openrouter.ai.</summary>
    OpenRouter,

    /// <summary>Any server with OpenAI's chat completions: Ollama, vLLM, LM Studio …</summary>
    OpenAICompatible,
}
