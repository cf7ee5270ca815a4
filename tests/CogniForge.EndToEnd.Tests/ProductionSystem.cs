namespace CogniForge.EndToEnd.Tests;

/// <summary>The system as deployed.</summary>
public sealed class ProductionSystem() : RunningSystem("Production");
