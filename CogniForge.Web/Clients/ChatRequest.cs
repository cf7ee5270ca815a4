namespace CogniForge.Web.Clients;

/// <summary>A chat completion request.</summary>
internal sealed record ChatRequest(string Model, IReadOnlyList<ChatMessage> Messages);
