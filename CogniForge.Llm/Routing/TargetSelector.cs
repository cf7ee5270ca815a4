using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CogniForge.Llm.Routing;

/// <summary>In which order targets are asked.</summary>
internal static class TargetSelector
{
    /// <summary>
    /// Orders targets: by their order, and at random by weight among equals. With an affinity the "random" numbers come from its hash, so that every replica sends a conversation
    /// to the same target (weighted rendezvous hashing: Wang and Ravishankar 1998; logarithmic weights by Resch and others 2015), and only the conversations of a lost target move.
    /// </summary>
    /// <param name="targets">The targets.</param>
    /// <param name="affinity">Identifies the conversation; null: none.</param>
    /// <param name="random">Gives numbers from 0 (inclusive) to 1.</param>
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
                    .ThenBy(t => -Math.Log(affinity is null ? 1 - random() : Uniform(affinity, t.Id)) / t.Weight),
            ];

    /// <summary>A number above 0, up to 1, that depends on nothing but the two texts.</summary>
    private static double Uniform(string affinity, string target)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{affinity}\n{target}"), hash);
        return ((BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) + 1) * (1.0 / (1UL << 53));
    }
}
