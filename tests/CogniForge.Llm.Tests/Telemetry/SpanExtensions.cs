using System.Diagnostics;

namespace CogniForge.Llm.Tests.Telemetry;

internal static class SpanExtensions
{
    /// <summary>Whether a span belongs to a request of a client, whose span the trace links to.</summary>
    public static bool IsOfRequestFrom(this Activity span, Activity client) =>
        span.Parent?.Links.Any(l => l.Context.TraceId == client.TraceId) == true;
}
