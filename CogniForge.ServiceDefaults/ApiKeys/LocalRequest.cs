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
    /// Whether Development accepts a request without a key or with <c>cf_dev</c>: from and to this machine by the name
    /// <c>localhost</c> or <c>127.0.0.1</c> (not one that resolves to it: DNS rebinding), not from a proxy or another
    /// site's page.
    /// </summary>
    public static bool IsTrusted(HttpRequest request) =>
        request.Host.Host is "localhost" or "127.0.0.1"
        && IsFromThisMachine(request.HttpContext.Connection.RemoteIpAddress)
        && !request.Headers.Keys.Any(IsForwardingHeader)
        && IsOwnSite(request)
        && IsOwnOrigin(request);

    // In-process test servers have no address.
    private static bool IsFromThisMachine(IPAddress? remote) => remote is null || IPAddress.IsLoopback(remote);

    private static bool IsForwardingHeader(string name) =>
        _forwardingHeaders.Any(h =>
            h.EndsWith('-')
                ? name.StartsWith(h, StringComparison.OrdinalIgnoreCase)
                : name.Equals(h, StringComparison.OrdinalIgnoreCase)
        );

    // A page at another port of localhost is of the same site: it may link here, but not load anything.
    private static bool IsOwnSite(HttpRequest request) =>
        (string?)request.Headers["Sec-Fetch-Site"] switch
        {
            null or "none" or "same-origin" => true,
            "same-site" => HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate",
            _ => false,
        };

    private static bool IsOwnOrigin(HttpRequest request) =>
        request.Headers.Origin is not [{ } origin, ..]
        || origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
}
