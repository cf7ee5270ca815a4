namespace CogniForge.Llm.Gateway.Requests;

/// <summary>The bounds of an inference request, whatever its API key.</summary>
internal static class RequestLimits
{
    /// <summary>Bytes. Anthropic's own limit; the body may contain several images in their original size.</summary>
    public const int MaxBodyBytes = 32 * 1024 * 1024;

    /// <summary>The values and names in the JSON of a body; embeddings may contain 300,000 tokens.</summary>
    public const int MaxJsonTokens = 1_000_000;

    /// <summary>
    /// Those within the arguments of tool calls, which are parsed for a translation; real calls have hundreds.
    /// </summary>
    public const int MaxArgumentTokens = 200_000;

    /// <summary>The values and names of a response that is translated.</summary>
    public const int MaxTranslatedTokens = 200_000;

    /// <summary>The tools of one request; Anthropic's tool search takes as many. Each takes about 6 KB.</summary>
    public const int MaxTools = 10_000;

    /// <summary>The choices of one request, <c>n</c>; as at OpenAI.</summary>
    public const int MaxChoices = 128;
}
