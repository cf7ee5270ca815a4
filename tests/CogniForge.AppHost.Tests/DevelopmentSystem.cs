namespace CogniForge.AppHost.Tests;

/// <summary>As a developer runs it.</summary>
public sealed class DevelopmentSystem() : RunningSystem("Development");
