namespace CogniForge.Web.Clients;

/// <summary>A chat request.</summary>
internal sealed record ChatQuestion(string Model, IReadOnlyList<ChatTurn> Messages);
