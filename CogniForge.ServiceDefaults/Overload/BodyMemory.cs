namespace CogniForge.ServiceDefaults.Overload;

/// <summary>How much memory a request takes by the size of its body.</summary>
/// <param name="BytesPerByte">The memory in bytes per byte of a large body; 0: it is not kept.</param>
internal sealed record BodyMemory(int BytesPerByte)
{
    // Thousands of ordinary requests must fit; the cost of a small body is mostly its own bytes.
    private const int MaxSmallBytes = 64 * 1024;

    /// <summary>The memory of endpoints that declare nothing else.</summary>
    public static BodyMemory Default { get; } = new(1);

    /// <summary>The memory in bytes that a body of this size takes.</summary>
    public long Estimate(long bytes) => bytes <= MaxSmallBytes ? bytes : bytes * BytesPerByte;
}
