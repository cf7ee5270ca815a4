using System.Globalization;

namespace CogniForge.Bench.Processes;

/// <summary>The managed memory of a .NET process.</summary>
/// <param name="HeapBytes">The live objects, after a full collection.</param>
/// <param name="AllocatedBytes">All allocations since the start.</param>
internal sealed record ManagedMemory(long HeapBytes, long AllocatedBytes)
{
    private const string Prefix = "managed memory:";

    /// <summary>Measures this process after a full collection.</summary>
    public static ManagedMemory Own()
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        return new(GC.GetTotalMemory(forceFullCollection: true), allocated);
    }

    /// <summary>Parses the output of <see cref="ToString"/>; null for any other line.</summary>
    public static ManagedMemory? Parse(string line) =>
        line.StartsWith(Prefix, StringComparison.Ordinal)
        && line[Prefix.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var heap, var allocated]
            ? new(long.Parse(heap, CultureInfo.InvariantCulture), long.Parse(allocated, CultureInfo.InvariantCulture))
            : null;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix} {HeapBytes} {AllocatedBytes}");
}
