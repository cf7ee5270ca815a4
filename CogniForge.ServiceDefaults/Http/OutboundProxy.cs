using System.Net;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>
/// Chooses the proxy of outbound requests. Its URLs carry no credentials, so that no log or exception shows them.
/// </summary>
public sealed class OutboundProxy : IWebProxy, ICredentials
{
    /// <summary>The rule for <see cref="IsValid"/>.</summary>
    public const string Rule = "must be none, a URL with http, https or socks5, or environment (with such URLs)";

    private static readonly string[] _variables = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    private static readonly string[] _schemes = ["http", "https", "socks5"];
    private readonly (Uri Address, NetworkCredential? Credential)? _http;
    private readonly (Uri Address, NetworkCredential? Credential)? _https;
    private readonly NoProxyList _direct;

    private OutboundProxy(string? http, string? https, NoProxyList direct) =>
        (_http, _https, _direct) = (Split(http), Split(https), direct);

    /// <summary>The credentials of the proxies' URLs.</summary>
    public ICredentials? Credentials
    {
        get => this;
        set => throw new NotSupportedException();
    }

    /// <summary>Whether a setting is empty, a proxy, <c>none</c>, or <c>environment</c> with valid variables.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="environment">Reads a variable such as <c>HTTPS_PROXY</c>.</param>
    public static bool IsValid(string? setting, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return string.IsNullOrEmpty(setting)
            || IsWord(setting, "none")
            || (
                IsWord(setting, "environment")
                    ? _variables.Select(environment).All(v => string.IsNullOrEmpty(v) || Parse(v) is not null)
                    : Parse(setting) is not null
            );
    }

    /// <summary>Creates the proxy of a setting; null: connections are direct.</summary>
    /// <param name="setting">Empty, <c>none</c>, <c>environment</c> or a URL.</param>
    /// <param name="noProxy">The hosts that are reached directly, in the form of <c>NO_PROXY</c>.</param>
    /// <param name="environment">Reads a variable such as <c>HTTPS_PROXY</c>.</param>
    public static OutboundProxy? Create(string? setting, string? noProxy, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (string.IsNullOrEmpty(setting) || IsWord(setting, "none"))
        {
            return null;
        }

        if (!IsWord(setting, "environment"))
        {
            return new(setting, setting, NoProxyList.Parse(noProxy));
        }

        var (http, https) = (ReadVariable("HTTP_PROXY"), ReadVariable("HTTPS_PROXY"));
        return http is null && https is null
            ? null
            : new(http, https, NoProxyList.Parse($"{noProxy},{environment("NO_PROXY")}"));

        string? ReadVariable(string name) =>
            environment(name) is { Length: > 0 } own ? own
            : environment("ALL_PROXY") is { Length: > 0 } all ? all
            : null;
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return IsBypassed(destination) ? null : Find(destination)?.Address;
    }

    /// <inheritdoc/>
    public bool IsBypassed(Uri host)
    {
        ArgumentNullException.ThrowIfNull(host);

        // Refused hosts go to no proxy: the direct connection refuses them.
        return Find(host) is null || _direct.Contains(host) || !OutboundHandler.IsAllowed(host);
    }

    /// <inheritdoc/>
    public NetworkCredential? GetCredential(Uri uri, string authType) =>
        uri == _https?.Address ? _https?.Credential
        : uri == _http?.Address ? _http?.Credential
        : null;

    private (Uri Address, NetworkCredential? Credential)? Find(Uri destination) =>
        destination.Scheme == Uri.UriSchemeHttps ? _https : _http;

    private static bool IsWord(string setting, string word) => setting.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Parses a proxy; as in curl, one without a scheme is <c>http</c>.</summary>
    private static Uri? Parse(string proxy) =>
        Uri.TryCreate(proxy.Contains("://", StringComparison.Ordinal) ? proxy : $"http://{proxy}", default, out var url)
        && url.IsAbsoluteUri
        && _schemes.Contains(url.Scheme)
        && url.Host.Length > 0
            ? url
            : null;

    private static (Uri, NetworkCredential?)? Split(string? proxy)
    {
        if (proxy is null || Parse(proxy) is not { } url)
        {
            return null;
        }

        var address = new UriBuilder(url.Scheme, url.Host, url.Port).Uri;
        var user = url.UserInfo.Split(':', 2);
        return url.UserInfo.Length == 0
            ? (address, null)
            : (address, new(Uri.UnescapeDataString(user[0]), Uri.UnescapeDataString(user.ElementAtOrDefault(1) ?? "")));
    }
}
