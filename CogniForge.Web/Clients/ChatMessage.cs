namespace CogniForge.Web.Clients;

/// <summary>One turn of a conversation.</summary>
internal sealed record ChatMessage(string Role, string Content);
