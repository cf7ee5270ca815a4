namespace CogniForge.AppHost.Tests;

/// <summary>What a service holds, in bytes.</summary>
/// <param name="Heap">Objects, garbage that has not been collected yet included.</param>
/// <param name="WorkingSet">All of the process.</param>
internal sealed record Memory(long Heap, long WorkingSet);
