namespace CogniForge.Llm.Gateway.Requests;

/// <summary>The limits of every inference request, whatever its API key.</summary>
internal static class RequestLimits
{
    /// <summary>Bytes. Anthropic's own limit; the body may contain several images in their original size.</summary>
    public const int MaxBodyBytes = 32 * 1024 * 1024;
}
