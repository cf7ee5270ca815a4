using System.Text.Json.Serialization;

namespace CogniForge.Serving.Models;

/// <summary>What a version costs, in USD; the parts add up.</summary>
/// <param name="PerRequest">USD for each request, 0 to 1,000,000.</param>
/// <param name="PerThousandTokens">USD for 1,000 tokens, input and output, 0 to 1,000,000.</param>
/// <param name="PerSecond">USD for each second of computing, 0 to 1,000,000.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ModelPrice(
    decimal? PerRequest = null,
    decimal? PerThousandTokens = null,
    decimal? PerSecond = null
);
