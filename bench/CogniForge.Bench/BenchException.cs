namespace CogniForge.Bench;

/// <summary>The benchmark cannot run, for a reason that its user should read.</summary>
internal sealed class BenchException(string message) : Exception(message);
