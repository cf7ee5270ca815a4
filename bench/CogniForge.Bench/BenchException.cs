namespace CogniForge.Bench;

/// <summary>The benchmark cannot run; the message tells the user why.</summary>
internal sealed class BenchException(string message) : Exception(message);
