namespace CogniForge.Web.Clients;

/// <summary>One of the response's choices.</summary>
internal sealed record ChatChoice(ChatMessage Message);
