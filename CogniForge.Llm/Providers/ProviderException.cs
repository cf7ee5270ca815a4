using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Providers;

/// <summary>A provider is unreachable, or the connection broke.</summary>
internal sealed class ProviderException(ProviderError error, Exception? innerException = null)
    : Exception(error.Message, innerException)
{
    public ProviderError Error => error;
}
