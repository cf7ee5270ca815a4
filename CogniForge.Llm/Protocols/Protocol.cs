namespace CogniForge.Llm.Protocols;

/// <summary>A wire protocol, between clients and the gateway or between the gateway and providers.</summary>
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
