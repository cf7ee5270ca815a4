using System.Text.Json.Serialization;

namespace CogniForge.Serving.Routing;

/// <summary>When a version that fails gets no requests for a time.</summary>
/// <param name="ConsecutiveFailures">The failures in a row, 1 to 1,000. Default: 5.</param>
/// <param name="Seconds">
/// The time until one request probes it, 1 to 3,600 seconds, times the failed probes, at most tenfold. Default: 30.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record EjectionPolicy(int? ConsecutiveFailures = null, double? Seconds = null)
{
    // Envoy's outlier detection has the same defaults: consecutive_5xx and base_ejection_time.
    public const int DefaultFailures = 5;
    public const double DefaultSeconds = 30;

    public static EjectionPolicy Default { get; } = new();
}
