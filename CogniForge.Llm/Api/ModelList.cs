namespace CogniForge.Llm.Api;

/// <summary>OpenAI's list.</summary>
internal sealed record ModelList(string Object, IReadOnlyList<ModelInfo> Data);
