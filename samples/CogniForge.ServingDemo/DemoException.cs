namespace CogniForge.ServingDemo;

/// <summary>The demo cannot continue.</summary>
internal sealed class DemoException(string message) : Exception(message);
