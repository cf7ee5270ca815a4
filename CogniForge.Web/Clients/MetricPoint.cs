using System.Text.Json.Serialization;

namespace CogniForge.Web.Clients;

/// <summary>A point of a metric.</summary>
/// <param name="Key">The metric.</param>
/// <param name="Value">Its value; may be infinite or not a number.</param>
/// <param name="Step">The step of the training.</param>
internal sealed record MetricPoint(
    string Key,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Value,
    long Step
);
