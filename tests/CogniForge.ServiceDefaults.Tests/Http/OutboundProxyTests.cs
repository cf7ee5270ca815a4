using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.ServiceDefaults.Tests.Http;

public class OutboundProxyTests
{
    [Theory]
    [InlineData("example.com", "http://example.com/", true)]
    [InlineData("example.com", "http://api.example.com/", true)] // as in curl and Go
    [InlineData(".example.com", "http://api.example.com/", true)] // nahi/httpclient#110
    [InlineData("*.example.com", "http://api.example.com/", true)] // nahi/httpclient#301
    [InlineData("example.com", "http://badexample.com/", false)]
    [InlineData("example.com", "http://example.com.evil/", false)]
    [InlineData("EXAMPLE.com", "http://Example.COM./", true)]
    [InlineData("example.com:8080", "http://example.com/", false)]
    [InlineData("example.com:8080", "http://example.com:8080/", true)] // langfuse/langfuse#15467
    [InlineData("10.0.0.0/8", "http://10.1.2.3/", true)] // NousResearch/hermes-agent#59667, 3scale/APIcast#709
    [InlineData("10.0.0.0/8", "http://11.1.2.3/", false)]
    [InlineData("10.0.0.0/8", "http://example.com/", false)]
    [InlineData("192.168.1.5", "http://192.168.1.5/", true)]
    [InlineData("192.168.1.5", "http://192.168.1.50/", false)]
    [InlineData("2001:db8::/32", "http://[2001:db8::1]/", true)]
    [InlineData("[::1]:8080", "http://[::1]:8080/", true)]
    [InlineData("[::1]:8080", "http://[::1]:9090/", false)]
    [InlineData("a, ,b example.com", "http://example.com/", true)] // musistudio/claude-code-router#1448
    [InlineData("*", "http://example.com/", true)]
    [InlineData("", "http://example.com/", false)]
    public void IsBypassed_NoProxy_MatchesAsCurl(string list, string url, bool expected)
    {
        var proxy = OutboundProxy.Create("http://proxy:3128", list, _ => null)!;
        Assert.Equal(expected, proxy.IsBypassed(new(url)));
        Assert.Equal(expected ? null : "http://proxy:3128/", proxy.GetProxy(new(url))?.AbsoluteUri);
    }

    [Theory]
    [InlineData("http://169.254.169.254/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://[fd00:ec2::254]/")]
    public async Task Send_RefusedHost_NeverReachesProxy(string url)
    {
        var proxy = OutboundProxy.Create("http://127.0.0.1:9", null, _ => null);
        using var http = new HttpMessageInvoker(OutboundHandler.Create(proxy));
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.SendAsync(request, default));
        Assert.Contains("no permitted address", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ProxyAtMetadataAddress_Fails()
    {
        var proxy = OutboundProxy.Create("http://169.254.169.254:80", null, _ => null);
        using var http = new HttpMessageInvoker(OutboundHandler.Create(proxy));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://example.com/");
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.SendAsync(request, default));
        Assert.Contains("no permitted address", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://example.com/", "http://one:1/")]
    [InlineData("https://example.com/", "http://two:2/")]
    public void GetProxy_Environment_IsThatOfScheme(string url, string expected)
    {
        var variables = new Dictionary<string, string?> { ["HTTP_PROXY"] = "one:1", ["HTTPS_PROXY"] = "http://two:2" };
        var proxy = OutboundProxy.Create("environment", null, variables.GetValueOrDefault)!;
        Assert.Equal(expected, proxy.GetProxy(new(url))!.AbsoluteUri);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("none")]
    [InlineData("environment")]
    public void Create_NoProxy_IsDirect(string? setting) =>
        Assert.Null(OutboundProxy.Create(setting, null, _ => null));

    [Fact]
    public void GetProxy_Url_HidesPassword()
    {
        var proxy = OutboundProxy.Create("http://ann:p%40ss@proxy:3128", null, _ => null)!;
        var address = proxy.GetProxy(new("https://example.com/"))!;
        Assert.Equal("http://proxy:3128/", address.AbsoluteUri);
        var credential = proxy.GetCredential(address, "Basic")!;
        Assert.Equal(("ann", "p@ss"), (credential.UserName, credential.Password));
        Assert.Null(proxy.GetCredential(new("http://other:3128"), "Basic"));
    }

    /// <summary>The proxy resolves the name and sees it alone: the request is inside the tunnel.</summary>
    [Fact]
    public async Task Send_Https_UsesTunnel()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var proxy = OutboundProxy.Create($"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", null, _ => null);
        var handler = OutboundHandler.Create(proxy);
        using var certificate = CreateCertificate();
        var hash = certificate.GetCertHashString();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, c, _, _) => c?.GetCertHashString() == hash;
        using var http = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://name.invalid/path?key=secret");

        var sent = http.SendAsync(request, default);
        using var connection = await listener.AcceptTcpClientAsync();
        var outer = await ReadHeadAsync(connection.GetStream());
        await connection.GetStream().WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
        await using var tunnel = new SslStream(connection.GetStream());
        await tunnel.AuthenticateAsServerAsync(certificate);
        var inner = await ReadHeadAsync(tunnel);
        await tunnel.WriteAsync("HTTP/1.1 204 None\r\n\r\n"u8.ToArray());

        using var response = await sent;
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.StartsWith("CONNECT name.invalid:443 HTTP/1.1\r\n", outer, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", outer, StringComparison.Ordinal);
        Assert.StartsWith("GET /path?key=secret HTTP/1.1\r\n", inner, StringComparison.Ordinal);
    }

    private static async Task<string> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest(
            "CN=name.invalid",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }
}
