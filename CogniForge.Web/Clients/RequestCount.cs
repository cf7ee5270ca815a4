namespace CogniForge.Web.Clients;

/// <summary>The gateway's successful requests.</summary>
/// <param name="Completions">Those that generated text, unlike embeddings, images or files.</param>
internal sealed record RequestCount(long Completions);
