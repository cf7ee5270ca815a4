namespace CogniForge.Llm.Domain.Protocols;

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

/// <summary>The names of protocols in records.</summary>
internal static class ProtocolNames
{
    private static readonly string[] _names = [.. Enum.GetNames<Protocol>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>The name, e.g. <c>chat_completions</c>.</summary>
    public static string Name(this Protocol protocol) => _names[(int)protocol];
}
