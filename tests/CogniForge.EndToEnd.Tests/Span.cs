namespace CogniForge.EndToEnd.Tests;

/// <summary>The parts of a span that the tests read.</summary>
public sealed record Span(
    string Service,
    string Name,
    string TraceId,
    string SpanId,
    string ParentId,
    string LinkedTraceId
);
