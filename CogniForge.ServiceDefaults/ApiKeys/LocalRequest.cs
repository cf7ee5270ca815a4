using System.Net;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Recognizes a developer's own requests to their machine.</summary>
internal static class LocalRequest
{
    private static readonly string[] _forwardingHeaders =
    [
        "Forwarded",
        "X-Forwarded-",
        "X-Original-",
        "X-Real-IP",
        "Via",
    ];

    /// <summary>
    /// Whether Development accepts a request without a key: from and to this machine by the name <c>localhost</c> or
    /// <c>127.0.0.1</c> (not one that resolves to it: DNS rebinding), not from a proxy or another site's page.
    /// </summary>
    public static bool IsTrusted(HttpRequest request) =>
        request.Host.Host is "localhost" or "127.0.0.1"
        && IsFromThisMachine(request.HttpContext.Connection.RemoteIpAddress)
        && !request.Headers.Keys.Any(IsForwardingHeader)
        && request.Headers["Sec-Fetch-Site"] != "cross-site"
        && IsOwnOrigin(request);

    // In-process test servers have no address.
    private static bool IsFromThisMachine(IPAddress? remote) => remote is null || IPAddress.IsLoopback(remote);

    private static bool IsForwardingHeader(string name) =>
        _forwardingHeaders.Any(h =>
            h.EndsWith('-')
                ? name.StartsWith(h, StringComparison.OrdinalIgnoreCase)
                : name.Equals(h, StringComparison.OrdinalIgnoreCase)
        );

    private static bool IsOwnOrigin(HttpRequest request) =>
        request.Headers.Origin is not [{ } origin, ..]
        || origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
}
