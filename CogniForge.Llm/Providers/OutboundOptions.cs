namespace CogniForge.Llm.Providers;

/// <summary>How the gateway reaches providers (section <c>Outbound</c>).</summary>
internal sealed class OutboundOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Outbound";

    /// <summary>
    /// The proxy of providers without their own: <c>none</c>, <c>environment</c> (<c>HTTPS_PROXY</c> …), or
    /// a URL with <c>http</c>, <c>https</c> or <c>socks5</c>. Default: none.
    /// </summary>
    public string? Proxy { get; set; }

    /// <summary>
    /// The hosts that are reached directly, beside those of <c>NO_PROXY</c>, separated by commas: host names with their
    /// subdomains, addresses, networks (<c>10.0.0.0/8</c>), each also with a port, or <c>*</c>. Default: none.
    /// </summary>
    public string? NoProxy { get; set; }
}
