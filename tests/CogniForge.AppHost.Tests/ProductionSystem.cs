namespace CogniForge.AppHost.Tests;

/// <summary>As it is deployed.</summary>
public sealed class ProductionSystem() : RunningSystem("Production");
