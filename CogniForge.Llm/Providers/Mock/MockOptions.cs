namespace CogniForge.Llm.Providers.Mock;

/// <summary>How the mock behaves (section <c>Mock</c>); a request can say the same for itself in a body field <c>mock</c>, in camelCase.</summary>
internal sealed class MockOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Mock";

    /// <summary>Milliseconds before the answer begins, 0 to an hour. Default: 0.</summary>
    public double LatencyMs { get; set; }

    /// <summary>How fast tokens come, 0.01 or more. Default: 0, all at once.</summary>
    public double TokensPerSecond { get; set; }

    /// <summary>
    /// How calls end, in turn and over again: an HTTP status of an error, or 0 for an answer. E.g. 503, 0: every second call succeeds. Default: every call succeeds.
    /// </summary>
    public IReadOnlyList<int> Failures { get; set; } = [];

    /// <summary>The name of the tool to call. Default: the one that <c>tool_choice</c> names or requires, or that the last user message names.</summary>
    public string? Tool { get; set; }

    /// <summary>The first rule that is broken; null: none is.</summary>
    public string? Fault =>
        LatencyMs is not (>= 0 and <= 3_600_000) ? "latencyMs must be a number from 0 to 3600000"
        : TokensPerSecond is not (0 or (>= 0.01 and < double.PositiveInfinity))
            ? "tokensPerSecond must be 0, or 0.01 or more"
        : Failures?.All(f => f is 0 or (>= 400 and <= 599)) != true
            ? "failures must be an array of statuses from 400 to 599, or 0 for an answer"
        : null;
}
