using System.Text.Json.Serialization;

namespace CogniForge.Web.Clients;

/// <summary>The points of a metric; null: none.</summary>
/// <param name="Metrics">The points.</param>
/// <param name="NextPageToken">Leads to the next points; null: there are no more.</param>
internal sealed record MetricHistory(
    IReadOnlyList<MetricPoint>? Metrics,
    [property: JsonPropertyName("next_page_token")] string? NextPageToken
);
