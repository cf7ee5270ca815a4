using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CogniForge.Llm.Routing;

/// <summary>Selects the order in which the targets of a route are tried.</summary>
internal static class TargetSelector
{
    /// <summary>
    /// Sorts targets by order, then randomly by weight. With an affinity, its hash replaces the random numbers: all
    /// replicas choose the same target, and only the conversations of a lost target move.
    /// </summary>
    /// <remarks>
    /// Weighted rendezvous hashing (Wang and Ravishankar 1998) with logarithmic weights (Resch and others 2015).
    /// </remarks>
    /// <param name="targets">The targets.</param>
    /// <param name="affinity">The key of the conversation; null: none.</param>
    /// <param name="random">Returns random numbers from 0 (inclusive) to 1 (exclusive).</param>
    public static IReadOnlyList<ResolvedTarget> Order(
        IReadOnlyList<ResolvedTarget> targets,
        string? affinity,
        Func<double> random
    ) =>
        targets.Count == 1
            ? targets
            :
            [
                .. targets
                    .OrderBy(t => t.Order)
                    .ThenBy(t => -Math.Log(affinity is null ? 1 - random() : HashToUnit(affinity, t.Id)) / t.Weight),
            ];

    /// <summary>Hashes the two texts to a number above 0, up to 1.</summary>
    private static double HashToUnit(string affinity, string target)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{affinity}\n{target}"), hash);
        return ((BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) + 1) * (1.0 / (1UL << 53));
    }
}
