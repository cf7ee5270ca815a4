namespace CogniForge.EndToEnd.Tests;

/// <summary>The system as a developer runs it.</summary>
public sealed class DevelopmentSystem() : RunningSystem("Development");
