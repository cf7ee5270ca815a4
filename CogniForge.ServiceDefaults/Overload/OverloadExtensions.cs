namespace CogniForge.ServiceDefaults.Overload;

/// <summary>Describes endpoints to the overload protection.</summary>
public static class OverloadExtensions
{
    /// <summary>
    /// Counts a byte of a body above 64 kB as several towards <see cref="OverloadOptions.MaxBodyBytes"/>, because such
    /// a request takes that much memory. Requests without a body get a <see cref="BodyShare"/> too, for responses.
    /// </summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="bytesPerByte">The memory in bytes per byte of the body; 0: it is not kept.</param>
    /// <param name="keptPerByte">
    /// The same after <see cref="BodyShare.EndWork"/>, which the endpoint calls. Default: the same.
    /// </param>
    /// <param name="createRefusal">
    /// Creates what reading the body throws beyond the share. Default: a <see cref="BadHttpRequestException"/>.
    /// </param>
    public static TBuilder WithBodyMemory<TBuilder>(
        this TBuilder endpoint,
        int bytesPerByte,
        int? keptPerByte = null,
        Func<Exception>? createRefusal = null
    )
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new BodyMemoryMetadata(bytesPerByte, keptPerByte ?? bytesPerByte, createRefusal));
}
