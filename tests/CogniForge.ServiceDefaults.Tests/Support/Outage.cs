namespace CogniForge.ServiceDefaults.Tests.Support;

/// <summary>The ways in which a server can be away behind a proxy or a balancer.</summary>
public enum Outage
{
    /// <summary>Connections are accepted and stay without a byte from the start.</summary>
    HeldFromTheStart,

    /// <summary>Open connections go silent and new ones are held.</summary>
    GoneSilent,

    /// <summary>Open connections are closed and new ones are held.</summary>
    ClosedThenHeld,

    /// <summary>Connections are accepted and closed at once.</summary>
    ClosedAtOnce,
}
