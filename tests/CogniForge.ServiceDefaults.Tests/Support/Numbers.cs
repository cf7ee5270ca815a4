using CogniForge.Messaging;

namespace CogniForge.ServiceDefaults.Tests.Support;

/// <summary>Events with a number as their body.</summary>
internal static class Numbers
{
    public static CloudEvent Event(string type, int number) =>
        CloudEvent.Create(type, "/cogniforge/llm", DateTimeOffset.UnixEpoch, number, null);
}
