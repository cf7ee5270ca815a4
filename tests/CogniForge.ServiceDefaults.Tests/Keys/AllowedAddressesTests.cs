using System.Net;
using System.Text.Json;
using CogniForge.ServiceDefaults.Tests.Support;

namespace CogniForge.ServiceDefaults.Tests.Keys;

/// <summary>The allowed addresses of a key, as an administrator sets them.</summary>
public sealed class AllowedAddressesTests : IAsyncLifetime
{
    private const string Path = "/api/v1/llm/keys";
    private const string Rule = "must be an IPv4 or IPv6 address, or a CIDR range without host bits, e.g. 192.0.2.0/24";
    private TestService _service = null!;
    private HttpClient _root = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync();
        _root = _service.Client();
    }

    public async Task DisposeAsync()
    {
        _root.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Create_AddressesAndRanges_AreNormalized()
    {
        var key = await CreateAsync("""["192.0.2.7","192.0.2.7/32","2001:DB8:0::/32","::1"]""");

        Assert.Equal(
            """["192.0.2.7/32","2001:db8::/32","::1/128"]""",
            key.GetProperty("allowedAddresses").GetRawText()
        );
    }

    [Theory]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("2001:db8::1/32")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("::ffff:192.0.2.0/120")]
    [InlineData("example.com")]
    [InlineData("")]
    public async Task Create_InvalidRange_ReturnsFieldError(string range)
    {
        using var response = await PostAsync(JsonSerializer.Serialize(new[] { "192.0.2.7", range }));

        await response.InvalidAsync("allowedAddresses[1]", Rule);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(51)]
    public async Task Create_NumberOfRanges_Is1To50(int count)
    {
        var ranges = Enumerable.Range(0, count).Select(i => $"192.0.2.{i}");

        using var response = await PostAsync(JsonSerializer.Serialize(ranges));

        await response.InvalidAsync(
            "allowedAddresses",
            "must have 1 to 50 addresses or ranges, or be null for all addresses"
        );
    }

    [Fact]
    public async Task Change_Addresses_AreReplacedKeptOrLifted()
    {
        var id = (await CreateAsync("""["192.0.2.7"]""")).GetProperty("id").GetString();

        Assert.Equal("""["192.0.2.7/32"]""", await ChangeAsync("""{"name":"new"}"""));
        Assert.Equal("""["192.0.2.0/24"]""", await ChangeAsync("""{"allowedAddresses":["192.0.2.0/24"]}"""));
        Assert.Equal("null", await ChangeAsync("""{"allowedAddresses":null}"""));

        async Task<string> ChangeAsync(string change)
        {
            using var response = await _root.PatchAsync($"{Path}/{id}", Answers.Json(change));
            return (await response.JsonAsync()).GetProperty("allowedAddresses").GetRawText();
        }
    }

    [Theory]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("""["0.0.0.0/0"]""", HttpStatusCode.Forbidden)]
    [InlineData("""["127.0.0.0/9"]""", HttpStatusCode.Created)]
    public async Task Create_ByRestrictedKey_StaysWithinItsAddresses(string addresses, HttpStatusCode status)
    {
        using var created = await _root.PostAsync(
            Path,
            Answers.Json("""{"name":"k","scopes":["llm:admin","llm:read"],"allowedAddresses":["127.0.0.0/8"]}""")
        );
        using var admin = _service.Client((await created.JsonAsync()).GetProperty("key").GetString());

        using var response = await admin.PostAsync(Path, Answers.Json(Body(addresses)));

        Assert.Equal(status, response.StatusCode);
    }

    private static string Body(string addresses) =>
        $$"""{"name":"k","scopes":["llm:read"],"allowedAddresses":{{addresses}}}""";

    private Task<HttpResponseMessage> PostAsync(string addresses) =>
        _root.PostAsync(Path, Answers.Json(Body(addresses)));

    private async Task<JsonElement> CreateAsync(string addresses)
    {
        using var response = await PostAsync(addresses);
        return (await response.JsonAsync()).GetProperty("details");
    }
}
