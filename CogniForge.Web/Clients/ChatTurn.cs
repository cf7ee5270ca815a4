namespace CogniForge.Web.Clients;

/// <summary>One turn of a conversation.</summary>
internal sealed record ChatTurn(string Role, string Content);
