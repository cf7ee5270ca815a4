namespace CogniForge.Web.Dashboard;

/// <summary>Numbers of the gateway.</summary>
/// <param name="Completions">Completions answered.</param>
internal sealed record LlmNumbers(long Completions);
