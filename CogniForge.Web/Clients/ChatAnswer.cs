namespace CogniForge.Web.Clients;

/// <summary>As much of the answer as the page shows.</summary>
internal sealed record ChatAnswer(IReadOnlyList<ChatChoice> Choices);
