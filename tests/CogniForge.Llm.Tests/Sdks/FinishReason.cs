namespace CogniForge.Llm.Tests.Sdks;

internal enum FinishReason
{
    Stop,
    Length,
    Calls,
    Refused,
}
