namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>Embeddings, one for each text.</summary>
internal sealed record EmbeddingList(string Object, IReadOnlyList<Embedding> Data, string Model, EmbeddingUsage Usage);
