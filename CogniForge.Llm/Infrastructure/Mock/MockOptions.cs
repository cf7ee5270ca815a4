namespace CogniForge.Llm.Infrastructure.Mock;

/// <summary>How the mock behaves (section <c>Mock</c>); a request can say the same for itself in a body field <c>mock</c>, in camelCase.</summary>
internal sealed class MockOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Mock";

    /// <summary>Milliseconds before the answer begins. Default: 0.</summary>
    public double LatencyMs { get; set; }

    /// <summary>How fast tokens come. Default: 0, all at once.</summary>
    public double TokensPerSecond { get; set; }

    /// <summary>
    /// How calls end, in turn and over again: an HTTP status of an error, or 0 for an answer. E.g. 503, 0: every second call succeeds. Default: every call succeeds.
    /// </summary>
    public IReadOnlyList<int> Failures { get; set; } = [];

    /// <summary>The name of the tool to call. Default: the one that <c>tool_choice</c> names or requires, or that the last user message names.</summary>
    public string? Tool { get; set; }
}
