namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>The embeddings, one per input.</summary>
internal sealed record EmbeddingList(string Object, IReadOnlyList<Embedding> Data, string Model, EmbeddingUsage Usage);
