namespace CogniForge.Llm.Routing;

/// <summary>The kinds of providers; a kind determines the wire protocols and the authentication.</summary>
internal enum ProviderKind
{
    /// <summary>Generates responses in the gateway, without a network or an account.</summary>
    Mock,

    /// <summary>api.openai.com.</summary>
    OpenAI,

    /// <summary>api.anthropic.com.</summary>
    Anthropic,

    /// <summary>openrouter.ai.</summary>
    OpenRouter,

    /// <summary>Any server with OpenAI's chat completions API, e.g. Ollama, vLLM or LM Studio.</summary>
    OpenAICompatible,
}
