namespace CogniForge.Web.Clients;

/// <summary>A message of a conversation.</summary>
internal sealed record ChatMessage(string Role, string Content);
