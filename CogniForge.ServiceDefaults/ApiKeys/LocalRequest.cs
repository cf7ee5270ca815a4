using System.Net;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Tells a developer's own request to their own machine from one that only looks like it.</summary>
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
    /// Whether a keyless request may be trusted in Development: made to <c>localhost</c> or <c>127.0.0.1</c> from this machine, not handed on by a proxy, and not sent by a page of another
    /// site (the browser says so in <c>Origin</c> and <c>Sec-Fetch-Site</c>). The host is compared as a whole, so that a name that merely resolves to this machine does not pass.
    /// </summary>
    public static bool IsTrusted(HttpRequest request) =>
        request.Host.Host is "localhost" or "127.0.0.1"
        && IsFromThisMachine(request.HttpContext.Connection.RemoteIpAddress)
        && !request.Headers.Keys.Any(IsForwardingHeader)
        && request.Headers["Sec-Fetch-Site"] != "cross-site"
        && IsOwnOrigin(request);

    // No address at all: an in-process test server.
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
