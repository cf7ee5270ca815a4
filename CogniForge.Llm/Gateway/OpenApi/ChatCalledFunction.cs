namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>What is called.</summary>
/// <param name="Name">The function.</param>
/// <param name="Arguments">JSON, as a text.</param>
internal sealed record ChatCalledFunction(string Name, string Arguments);
