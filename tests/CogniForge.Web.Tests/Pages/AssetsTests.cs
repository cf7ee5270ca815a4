using System.Text.RegularExpressions;
using AngleSharp;
using CogniForge.Web.Tests.Fakes;

namespace CogniForge.Web.Tests.Pages;

/// <summary>The page loads no asset from another host.</summary>
public sealed partial class AssetsTests : IAsyncLifetime
{
    private FakeServices _services = null!;
    private WebService _web = null!;

    public async Task InitializeAsync()
    {
        _services = await FakeServices.StartAsync();
        _web = WebService.Create(_services);
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Page_EveryUrl_IsLocalAndResponds()
    {
        using var page = await _web.Client.GetAsync("/");
        var html = await page.Content.ReadAsStringAsync();
        using var document = await BrowsingContext.New().OpenAsync(request => request.Content(html));
        string[] attributes = ["src", "href", "hx-get", "action"];
        var addresses = document
            .All.SelectMany(e => attributes.Select(e.GetAttribute))
            .OfType<string>()
            .Distinct()
            .ToList();

        Assert.Contains(addresses, a => a.Contains("htmx", StringComparison.Ordinal));
        Assert.Contains(addresses, a => a.Contains("tabler", StringComparison.Ordinal));
        Assert.All(addresses, a => Assert.Matches("^/(?!/)", a));
        foreach (var address in addresses.Where(a => !a.Contains("TestMessage", StringComparison.Ordinal)))
        {
            using var response = await _web.Client.GetAsync(address);
            Assert.True(response.IsSuccessStatusCode, address);
            var type = response.Content.Headers.ContentType!.MediaType!;
            if (
                address.Contains(".css", StringComparison.Ordinal)
                || address.Contains(".js", StringComparison.Ordinal)
                || address.Contains(".svg", StringComparison.Ordinal)
            )
            {
                Assert.Matches("^(text/css|text/javascript|image/svg\\+xml|application/json)$", type);
            }

            var text = await response.Content.ReadAsStringAsync();
            Assert.Empty(
                (
                    type switch
                    {
                        "text/css" => ForeignInCss(),
                        "text/javascript" => ForeignInScript(),
                        _ => Nothing(),
                    }
                )
                    .Matches(text)
                    .Select(m => m.Value)
            );
        }
    }

    [Fact]
    public void Libraries_All_HaveLicenceAndVersion()
    {
        var lib = Path.Combine(Repository.Root, "CogniForge.Web", "wwwroot", "lib");
        var readme = File.ReadAllText(Path.Combine(lib, "README.md"));
        var folders = Directory.GetDirectories(lib);
        Assert.NotEmpty(folders);
        foreach (var folder in folders)
        {
            Assert.Matches($@"\| `{Path.GetFileName(folder)}` \| .+ \| \d+\.\d+\.\d+.* \| .+ \|", readme);
            Assert.NotEmpty(Directory.GetFiles(folder, "LICENSE*"));
            Assert.All(
                Directory.GetFiles(folder, "LICENSE*"),
                licence => Assert.NotEqual(0, new FileInfo(licence).Length)
            );
        }
    }

    [Fact]
    public async Task Assets_Keyless_ArePublic()
    {
        using var client = _web.NewClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1");
        using var asset = await client.GetAsync("/css/site.css");
        Assert.Equal(200, (int)asset.StatusCode);
        using var page = await client.GetAsync("/");
        Assert.Equal(401, (int)page.StatusCode);
    }

    // URLs that a browser fetches automatically.
    [GeneratedRegex("""url\(["']?(https?:)?//[^)]*|@import[^;]*""")]
    private static partial Regex ForeignInCss();

    // A URL in a string, except an XML namespace.
    [GeneratedRegex("""["'`](https?:|wss?:)?//(?!www\.w3\.org)[a-z][^"'`]*""")]
    private static partial Regex ForeignInScript();

    [GeneratedRegex("(?!)")]
    private static partial Regex Nothing();
}
