using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Providers;

/// <summary>A provider could not be reached, or the connection broke.</summary>
internal sealed class ProviderException(ProviderError error, Exception? innerException = null)
    : Exception(error.Message, innerException)
{
    /// <summary>What happened.</summary>
    public ProviderError Failure => error;
}
