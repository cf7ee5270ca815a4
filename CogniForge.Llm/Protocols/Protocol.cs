namespace CogniForge.Llm.Protocols;

/// <summary>A wire protocol: what clients speak to the gateway and the gateway to providers.</summary>
internal enum Protocol
{
    /// <summary>OpenAI's <c>POST chat/completions</c>.</summary>
    ChatCompletions,

    /// <summary>OpenAI's <c>POST responses</c>.</summary>
    Responses,

    /// <summary>Anthropic's <c>POST messages</c>.</summary>
    Messages,

    /// <summary>OpenAI's <c>POST embeddings</c>.</summary>
    Embeddings,
}
