namespace CogniForge.Llm.Tests;

/// <summary>The gateway with its default settings in development.</summary>
public sealed class LlmService : ServiceHost<Program>;
