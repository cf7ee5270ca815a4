using System.Text.Json.Serialization;

namespace CogniForge.Serving.Shadows;

/// <summary>How a shadow gets copies of requests.</summary>
/// <param name="SampleRate">The share of the requests that are copied, above 0, at most 1. Default: 1.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SetShadowRequest(double SampleRate = 1);
