using CogniForge.Llm.Domain.Failures;

namespace CogniForge.Llm.Application;

/// <summary>A provider could not be reached, or the connection broke.</summary>
internal sealed class TransportException(Failure failure, Exception? innerException = null) : Exception(failure.Message, innerException)
{
    /// <summary>What happened.</summary>
    public Failure Failure => failure;
}
