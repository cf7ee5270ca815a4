using System.Globalization;

namespace CogniForge.Bench.Processes;

/// <summary>What a .NET process says of its managed memory.</summary>
/// <param name="HeapBytes">What is alive, after a full collection.</param>
/// <param name="AllocatedBytes">All that was ever allocated.</param>
internal sealed record ManagedMemory(long HeapBytes, long AllocatedBytes)
{
    private const string Prefix = "managed memory:";

    /// <summary>This process's own, after a full collection.</summary>
    public static ManagedMemory Own()
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        return new(GC.GetTotalMemory(forceFullCollection: true), allocated);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; null: the line is another one.</summary>
    public static ManagedMemory? Parse(string line) =>
        line.StartsWith(Prefix, StringComparison.Ordinal)
        && line[Prefix.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var heap, var allocated]
            ? new(long.Parse(heap, CultureInfo.InvariantCulture), long.Parse(allocated, CultureInfo.InvariantCulture))
            : null;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix} {HeapBytes} {AllocatedBytes}");
}
