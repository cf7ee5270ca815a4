using System.Buffers;
using System.Runtime.CompilerServices;

namespace CogniForge.Serving.Protocol;

/// <summary>The arrays of input tensors: large ones are reused, since the collector would rarely free them.</summary>
internal static class TensorArrays
{
    private const int MinPooled = 1_024;

    /// <summary>Rents or allocates an array with at least this length.</summary>
    public static T[] Rent<T>(int length) => IsPooled<T>(length) ? ArrayPool<T>.Shared.Rent(length) : new T[length];

    /// <summary>Whether <see cref="Rent"/> takes an array of this length from the pool.</summary>
    public static bool IsPooled<T>(int length) =>
        length >= MinPooled && !RuntimeHelpers.IsReferenceOrContainsReferences<T>();

    public static void Return<T>(T[] array) => ArrayPool<T>.Shared.Return(array);
}
