using System.Text;
using CogniForge.ServiceDefaults.ApiKeys;
using Microsoft.AspNetCore.Http;

namespace CogniForge.ServiceDefaults.Tests.Keys;

public sealed class ApiKeyReaderTests
{
    [Theory]
    [InlineData("Bearer cf_key", "cf_key")]
    [InlineData("bearer cf_key", "cf_key")]
    [InlineData("Bearer  cf_key ", "cf_key")]
    [InlineData("Bearer", null)]
    [InlineData("Bearer ", null)]
    [InlineData("Digest cf_key", null)]
    [InlineData("cf_key", null)]
    [InlineData("", null)]
    [InlineData("Basic !!!", null)]
    [InlineData("Basic", null)]
    [InlineData("\u0001", null)]
    public void Read_Authorization_ReturnsBearer(string header, string? key) =>
        Assert.Equal(key, ApiKeyReader.Read(Request(("Authorization", header))));

    [Theory]
    [InlineData("cf_key:", "cf_key")]
    [InlineData("cf_key:ignored", "cf_key")]
    [InlineData("cf_key", "cf_key")]
    [InlineData(":password", null)]
    [InlineData("", null)]
    public void Read_BasicWhereAccepted_ReturnsUserName(string credentials, string? key)
    {
        var request = Request(("Authorization", GetBasic(credentials)));
        request.HttpContext.SetEndpoint(new(null, new(new BasicAuthenticationMetadata()), null));
        Assert.Equal(key, ApiKeyReader.Read(request));
    }

    [Fact]
    public void Read_BasicElsewhere_ReturnsNull() =>
        Assert.Null(ApiKeyReader.Read(Request(("Authorization", GetBasic("cf_key:")))));

    [Fact]
    public void Read_XApiKey_ReturnsKey() =>
        Assert.Equal("cf_key", ApiKeyReader.Read(Request(("x-api-key", "cf_key"))));

    [Fact]
    public void Read_Both_PrefersAuthorization() =>
        Assert.Equal("cf_a", ApiKeyReader.Read(Request(("x-api-key", "cf_b"), ("Authorization", "Bearer cf_a"))));

    [Theory]
    [InlineData("Negotiate abc")]
    [InlineData("Basic Og==")]
    public void Read_AuthorizationWithoutKey_FallsBackToXApiKey(string authorization) =>
        Assert.Equal("cf_b", ApiKeyReader.Read(Request(("x-api-key", "cf_b"), ("Authorization", authorization))));

    [Fact]
    public void Read_NoHeader_ReturnsNull() => Assert.Null(ApiKeyReader.Read(Request()));

    private static string GetBasic(string credentials) =>
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}";

    private static HttpRequest Request(params (string Name, string Value)[] headers)
    {
        var request = new DefaultHttpContext().Request;
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = value;
        }

        return request;
    }
}
