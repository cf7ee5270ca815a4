using System.Globalization;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>A body without a declared length exceeds the endpoint's maximum size.</summary>
/// <param name="maxBytes">The maximum size in bytes.</param>
internal sealed class BodyTooLargeException(long maxBytes)
    : BadHttpRequestException(Describe(maxBytes), StatusCodes.Status413PayloadTooLarge)
{
    /// <summary>What the client reads.</summary>
    public static string Describe(long maxBytes) =>
        string.Create(CultureInfo.InvariantCulture, $"The body exceeds the maximum size of {maxBytes} bytes.");
}
