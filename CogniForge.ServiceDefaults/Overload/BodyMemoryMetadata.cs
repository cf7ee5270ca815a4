namespace CogniForge.ServiceDefaults.Overload;

/// <summary>How much memory a request takes by the size of its body.</summary>
/// <param name="BytesPerByte">
/// The memory in bytes per byte of a large body while it is processed; 0: it is not kept.
/// </param>
/// <param name="KeptPerByte">The same afterwards, until the request ends.</param>
/// <param name="CreateRefusal">
/// Creates what reading the body throws beyond the share; null: a <see cref="BadHttpRequestException"/>.
/// </param>
internal sealed record BodyMemoryMetadata(int BytesPerByte, int KeptPerByte, Func<Exception>? CreateRefusal = null)
{
    // Thousands of ordinary requests must fit; the cost of a small body is mostly its own bytes.
    private const int MaxSmallBytes = 64 * 1024;

    /// <summary>The memory of endpoints that declare nothing else.</summary>
    public static BodyMemoryMetadata Default { get; } = new(1, 1);

    /// <summary>The memory in bytes that a body of this size takes while it is processed.</summary>
    public long Estimate(long bytes) => Estimate(bytes, BytesPerByte);

    /// <summary>The memory in bytes that is kept until the request ends.</summary>
    public long EstimateKept(long bytes) => Estimate(bytes, KeptPerByte);

    /// <summary>Creates what a request gets that must not wait for its share.</summary>
    public Exception CreateException() =>
        CreateRefusal?.Invoke()
        ?? new BadHttpRequestException("Overloaded.", StatusCodes.Status429TooManyRequests);

    private static long Estimate(long bytes, int perByte) => bytes <= MaxSmallBytes ? bytes : bytes * perByte;
}
