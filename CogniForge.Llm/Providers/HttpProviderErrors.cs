using System.Net.Sockets;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Providers;

/// <summary>The errors of calls over HTTP that end without a complete response.</summary>
internal static class HttpProviderErrors
{
    /// <summary>The maximum size of a response, in bytes.</summary>
    public const int MaxResponseBytes = 64 * 1024 * 1024;

    /// <summary>
    /// The maximum size of a whole response that is translated, in bytes: its copies take several times as much. A text
    /// of 128,000 tokens, more than models write, has 1 MiB.
    /// </summary>
    public const int MaxTranslatedBytes = 8 * 1024 * 1024;

    /// <summary>The maximum size of an event of a stream, in bytes: several times that of a large image.</summary>
    public const int MaxEventBytes = 16 * 1024 * 1024;

    /// <summary>The response exceeds the gateway's own limit, possibly because the client asks for so much.</summary>
    public static ProviderException TooLarge(long maxBytes) =>
        new(
            new(ErrorCategory.InvalidResponse, $"the response exceeds {maxBytes >> 20} MiB")
            {
                IsTargetFault = false,
                CanRetry = false,
            }
        );

    /// <summary>An event exceeds the gateway's own limit.</summary>
    public static ProviderException EventTooLarge =>
        new(
            new(ErrorCategory.InvalidResponse, $"an event of the response exceeds {MaxEventBytes >> 20} MiB")
            {
                IsTargetFault = false,
                CanRetry = false,
            }
        );

    /// <summary>
    /// Classifies a failure to send a request or to receive the headers of its response; a cancellation is the connect
    /// timeout, which another attempt would most likely meet too.
    /// </summary>
    public static ProviderError Classify(Exception exception) =>
        exception is HttpRequestException request && IsLocal(request)
            ? new(ErrorCategory.Internal, "the gateway could not send the request", IsUnsent: true)
            {
                IsTargetFault = false,
            }
            : new(ErrorCategory.Network, "no response", IsUnsent: IsUnsent(exception))
            {
                CanRetry = exception is not OperationCanceledException,
            };

    private static bool IsUnsent(Exception exception) =>
        exception is OperationCanceledException
        || (exception as HttpRequestException)?.HttpRequestError
            is HttpRequestError.ConnectionError
                or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError;

    /// <summary>Whether the request failed in this process or machine, before anything was sent.</summary>
    private static bool IsLocal(HttpRequestException exception) =>
        exception.InnerException is SocketException socket
            ? socket.SocketErrorCode
                is SocketError.TooManyOpenSockets
                    or SocketError.NoBufferSpaceAvailable
                    or SocketError.AddressNotAvailable
                    or SocketError.ProcessLimit
            : exception is { HttpRequestError: HttpRequestError.Unknown, InnerException: null };
}
