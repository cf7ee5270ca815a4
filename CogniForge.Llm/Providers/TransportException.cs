using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Providers;

/// <summary>A provider could not be reached, or the connection broke.</summary>
internal sealed class TransportException(Failure failure, Exception? innerException = null) : Exception(failure.Message, innerException)
{
    /// <summary>What happened.</summary>
    public Failure Failure => failure;
}
