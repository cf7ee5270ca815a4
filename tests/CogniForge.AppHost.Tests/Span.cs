namespace CogniForge.AppHost.Tests;

/// <summary>A span as far as the tests look at it.</summary>
public sealed record Span(string Service, string Name, string TraceId, string SpanId, string ParentId);
