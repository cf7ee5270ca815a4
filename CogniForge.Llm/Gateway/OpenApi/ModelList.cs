namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A list of models in OpenAI's format.</summary>
internal sealed record ModelList(string Object, IReadOnlyList<ModelInfo> Data);
