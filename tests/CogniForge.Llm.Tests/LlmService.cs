namespace CogniForge.Llm.Tests;

/// <summary>The gateway as a developer runs it.</summary>
public sealed class LlmService : ServiceHost<Program>;
