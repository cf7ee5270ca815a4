namespace CogniForge.ServiceDefaults.Telemetry;

/// <summary>Requests for this endpoint, and what they cause, are not traced: machines send them all the time.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class DisableTracingAttribute : Attribute
{
    /// <summary>The handler of a Razor page that alone is meant, as in <c>?handler=Numbers</c>; null: all requests.</summary>
    public string? Handler { get; init; }
}
