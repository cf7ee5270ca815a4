using System.Net;
using CogniForge.ServiceDefaults.ApiKeys;
using Microsoft.AspNetCore.Http;

namespace CogniForge.ServiceDefaults.Tests.Keys;

public sealed class LocalRequestTests
{
    [Theory]
    [InlineData("localhost:5201")]
    [InlineData("127.0.0.1:5201")]
    [InlineData("localhost")]
    public void IsTrusted_OwnRequest_ReturnsTrue(string host) => Assert.True(LocalRequest.IsTrusted(Request(host)));

    [Theory]
    [InlineData("evil.example:5201")]
    [InlineData("localhost.evil.example:5201")]
    [InlineData("localtest.me:5201")]
    [InlineData("127.0.0.1.nip.io:5201")]
    [InlineData("127.0.0.2:5201")]
    [InlineData("0.0.0.0:5201")]
    [InlineData("[::1]:5201")]
    [InlineData("2130706433:5201")]
    [InlineData("localhost.:5201")]
    [InlineData("")]
    public void IsTrusted_OtherHost_ReturnsFalse(string host) => Assert.False(LocalRequest.IsTrusted(Request(host)));

    [Theory]
    [InlineData("Forwarded", "for=192.0.2.1")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-Host", "localhost")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Forwarded-Port", "443")]
    [InlineData("x-forwarded-prefix", "/llm")]
    [InlineData("X-Original-For", "192.0.2.1")]
    [InlineData("X-Real-IP", "192.0.2.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Forwarded-For", " ")]
    public void IsTrusted_FromProxy_ReturnsFalse(string header, string value) =>
        Assert.False(LocalRequest.IsTrusted(Request(headers: (header, value))));

    [Theory]
    [InlineData("http://localhost:5201", true)]
    [InlineData("http://LOCALHOST:5201", true)]
    [InlineData("https://localhost:5201", false)]
    [InlineData("http://localhost:5200", false)]
    [InlineData("http://localhost", false)]
    [InlineData("http://127.0.0.1:5201", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    public void IsTrusted_Origin_MustMatch(string origin, bool trusted) =>
        Assert.Equal(trusted, LocalRequest.IsTrusted(Request(headers: ("Origin", origin))));

    [Theory]
    [InlineData("cross-site", false)]
    [InlineData("same-site", false)]
    [InlineData("same-origin", true)]
    [InlineData("none", true)]
    public void IsTrusted_SecFetchSite_MustNotBeCrossSite(string site, bool trusted) =>
        Assert.Equal(trusted, LocalRequest.IsTrusted(Request(headers: ("Sec-Fetch-Site", site))));

    [Theory]
    [InlineData("GET", "same-site", "navigate", true)]
    [InlineData("GET", "same-site", "no-cors", false)]
    [InlineData("POST", "same-site", "navigate", false)]
    [InlineData("GET", "cross-site", "navigate", false)]
    public void IsTrusted_LinkOfDashboard_MayBeFollowed(string method, string site, string mode, bool trusted)
    {
        var request = Request(headers: [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode)]);
        request.Method = method;

        Assert.Equal(trusted, LocalRequest.IsTrusted(request));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("192.168.1.7", false)]
    [InlineData("::ffff:192.168.1.7", false)]
    public void IsTrusted_RemoteAddress_MustBeThisMachine(string address, bool trusted)
    {
        var request = Request();
        request.HttpContext.Connection.RemoteIpAddress = IPAddress.Parse(address);

        Assert.Equal(trusted, LocalRequest.IsTrusted(request));
    }

    private static HttpRequest Request(string host = "localhost:5201", params (string Name, string Value)[] headers)
    {
        var request = new DefaultHttpContext().Request;
        request.Scheme = "http";
        request.Host = new(host);
        request.HttpContext.Connection.RemoteIpAddress = IPAddress.Loopback;
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = value;
        }

        return request;
    }
}
