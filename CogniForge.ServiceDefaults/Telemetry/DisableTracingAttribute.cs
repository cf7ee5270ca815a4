namespace CogniForge.ServiceDefaults.Telemetry;

/// <summary>
/// Excludes an endpoint's requests from traces, with the calls that they make. For frequent automatic requests.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class DisableTracingAttribute : Attribute
{
    /// <summary>The only handler of a Razor page to exclude, as in <c>?handler=Numbers</c>; null: all.</summary>
    public string? Handler { get; init; }
}
