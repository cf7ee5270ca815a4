namespace CogniForge.Llm.Routing;

/// <summary>Whose API a provider follows; <c>providers.json</c> lists the providers.</summary>
internal enum ProviderKind
{
    /// <summary>Generates responses in the gateway, without a network or an account.</summary>
    Mock,

    /// <summary>OpenAI's own models, at OpenAI or Azure.</summary>
    OpenAI,

    /// <summary>api.anthropic.com.</summary>
    Anthropic,

    /// <summary>openrouter.ai.</summary>
    OpenRouter,

    /// <summary>Any other server with OpenAI's chat completions API.</summary>
    OpenAICompatible,
}
