namespace CogniForge.ServiceDefaults.Tests.Support;

/// <summary>Kinds of outages of a server behind a proxy or balancer.</summary>
public enum Outage
{
    /// <summary>From the start, connections are accepted and stay silent.</summary>
    HeldFromTheStart,

    /// <summary>Open connections go silent; new ones are accepted and stay silent.</summary>
    GoneSilent,

    /// <summary>Open connections are closed; new ones are accepted and stay silent.</summary>
    ClosedThenHeld,

    /// <summary>Connections are accepted and closed at once.</summary>
    ClosedAtOnce,
}
