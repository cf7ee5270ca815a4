namespace CogniForge.EndToEnd.Tests;

/// <summary>The memory of a service, in bytes.</summary>
/// <param name="Heap">The managed heap, including garbage not yet collected.</param>
/// <param name="WorkingSet">The working set of the process.</param>
internal sealed record Memory(long Heap, long WorkingSet);
