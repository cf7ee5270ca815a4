namespace CogniForge.Web.Pages;

/// <summary>The result of a test message.</summary>
/// <param name="Succeeded">Whether the gateway returned a response.</param>
/// <param name="Text">The response's text, or the reason for the failure.</param>
/// <param name="TraceId">The trace to find in the dashboard; null if the request was not traced.</param>
internal sealed record TestMessageResult(bool Succeeded, string Text, string? TraceId);
