namespace CogniForge.Web.Pages;

/// <summary>What came of a test message.</summary>
/// <param name="Succeeded">Whether it was answered.</param>
/// <param name="Text">The answer, or what is wrong.</param>
/// <param name="TraceId">The trace to look up in the dashboard; null: the request was not traced.</param>
internal sealed record TestMessageResult(bool Succeeded, string Text, string? TraceId);
