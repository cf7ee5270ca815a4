using System.Text.Json.Serialization;

namespace CogniForge.Llm.Providers.Mock;

/// <summary>
/// The behaviour of the mock (section <c>Mock</c>). A request may override it in the body field <c>mock</c>, in
/// camelCase.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class MockOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Mock";

    /// <summary>Whether the mock exists. Default: only in Development.</summary>
    [JsonIgnore]
    public bool? Enabled { get; set; }

    /// <summary>The delay before the response, in milliseconds: 0 to 3,600,000 (one hour). Default: 0.</summary>
    public double LatencyMs { get; set; }

    /// <summary>The tokens per second, at least 0.01; 0 sends all at once. Default: 0.</summary>
    public double TokensPerSecond { get; set; }

    /// <summary>
    /// The outcomes of successive calls, repeated: an HTTP error status, 400 to 599, or 0 for success. With 503, 0
    /// every second call succeeds. Default: empty, every call succeeds.
    /// </summary>
    public IReadOnlyList<int> Failures { get; set; } = [];

    /// <summary>
    /// The name of the tool to call. Default: null, the one that <c>tool_choice</c> names or requires or that the last
    /// user message mentions.
    /// </summary>
    public string? Tool { get; set; }

    /// <summary>Whether the mock exists in an environment.</summary>
    public bool IsEnabledIn(IHostEnvironment environment) => Enabled ?? environment.IsDevelopment();

    /// <summary>Returns the first rule that the options break; null if they are valid.</summary>
    public string? Validate() =>
        LatencyMs is not (>= 0 and <= 3_600_000) ? "latencyMs must be a number from 0 to 3600000"
        : TokensPerSecond is not (0 or (>= 0.01 and < double.PositiveInfinity))
            ? "tokensPerSecond must be 0, or at least 0.01"
        : Failures?.All(f => f is 0 or (>= 400 and <= 599)) != true
            ? "failures must be an array of HTTP statuses from 400 to 599, or 0 for success"
        : null;
}
