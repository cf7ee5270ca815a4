namespace CogniForge.Web.Clients;

/// <summary>One of the answers.</summary>
internal sealed record ChatChoice(ChatMessage Message);
