namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>OpenAI's list.</summary>
internal sealed record ModelList(string Object, IReadOnlyList<ModelInfo> Data);
