namespace CogniForge.Llm.Tests.Sdks;

internal enum Finish
{
    Stop,
    Length,
    Calls,
    Refused,
}
