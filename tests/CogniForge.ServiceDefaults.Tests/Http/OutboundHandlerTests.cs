using System.Net;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.ServiceDefaults.Tests.Http;

/// <summary>Addresses that users configure: all except those of metadata services.</summary>
public class OutboundHandlerTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("::1")]
    [InlineData("fd00::1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("100.100.100.201")]
    [InlineData("168.63.129.17")]
    [InlineData("64:ff9b::808:808")]
    [InlineData("2002:808:808::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:f7f7:f7f7")]
    public void IsAllowed_ServerAddress_ReturnsTrue(string address) =>
        Assert.True(OutboundHandler.IsAllowed(IPAddress.Parse(address)));

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.0.1")]
    [InlineData("169.254.170.2")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("255.255.255.255")]
    [InlineData("fe80::1")]
    [InlineData("febf::1%1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("::")]
    [InlineData("::ffff:0.0.0.0")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("::169.254.169.254")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("100.100.100.200")] // Alibaba
    [InlineData("168.63.129.16")] // Azure
    [InlineData("192.0.0.192")] // Oracle
    [InlineData("fd00:ec2::23")] // EKS
    [InlineData("fd00:c1::a9fe:a9fe")] // Oracle
    [InlineData("fd20:ce::254")] // Google
    [InlineData("fd00:42::42")] // Scaleway
    [InlineData("fd00:a9fe:a9fe::1")] // Akamai
    [InlineData("fec0::1")]
    [InlineData("::ffff:100.100.100.200")]
    [InlineData("::ffff:0:169.254.169.254")]
    [InlineData("64:ff9b::6464:64c8")]
    [InlineData("64:ff9b:1::a9fe:a9fe")]
    [InlineData("64:ff9b:1:a9fe:a9:fe00::")]
    [InlineData("2002:a83f:8110::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:5601:5601")]
    [InlineData("2001:db8::200:5efe:a9fe:a9fe")]
    public void IsAllowed_LinkLocalOrMetadata_ReturnsFalse(string address) =>
        Assert.False(OutboundHandler.IsAllowed(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://2852039166/")] // the same as a number
    [InlineData("http://0xa9.0xfe.0xa9.0xfe/")]
    [InlineData("http://100.100.100.200/latest/meta-data")]
    [InlineData("http://metadata.google.internal/computeMetadata/v1/")]
    [InlineData("http://METADATA.Google.Internal./computeMetadata/v1/")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/")]
    public async Task Send_LinkLocalAddress_Fails(string url)
    {
        using var http = new HttpMessageInvoker(OutboundHandler.Create());
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() =>
            http.SendAsync(request, CancellationToken.None)
        );
        Assert.Contains("no permitted address", refused.ToString(), StringComparison.Ordinal);
    }
}
