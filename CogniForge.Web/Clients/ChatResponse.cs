namespace CogniForge.Web.Clients;

/// <summary>As much of the answer as the page shows.</summary>
internal sealed record ChatResponse(IReadOnlyList<ChatChoice> Choices);
