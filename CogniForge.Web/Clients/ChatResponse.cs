namespace CogniForge.Web.Clients;

/// <summary>The part of a chat completion that the page shows.</summary>
internal sealed record ChatResponse(IReadOnlyList<ChatChoice> Choices);
