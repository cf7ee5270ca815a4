namespace CogniForge.Web.Dashboard;

/// <summary>The numbers of the LLM gateway.</summary>
/// <param name="Completions">Completions served.</param>
internal sealed record LlmNumbers(long Completions);
