using Refit;

namespace StandIns.Tests.Refit;

public sealed class RequestTests : IAsyncLifetime
{
    private LocalServer _server = null!;
    private IEcho _echo = null!;

    public async Task InitializeAsync()
    {
        _server = await EchoServer.StartAsync();
        _echo = RestService.For<IEcho>(_server.Address.ToString());
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Path_WithPlaceholdersAndQuery_IsEscaped()
    {
        var seen = await _echo.PathAsync(7, "a/b c", "x&y=z", 3);
        Assert.Equal(("GET", "/things/7/parts/a%2Fb%20c?fixed=a%20b&plain=x%26y%3Dz&n=3"), (seen.Method, seen.Target));
    }

    [Fact]
    public async Task Path_OptionalArgumentsMissing_AreLeftOut() =>
        Assert.Equal("/things/7/parts/p?fixed=a%20b", (await _echo.PathAsync(7, "p")).Target);

    [Fact]
    public async Task Path_RoundTripping_KeepsItsSlashes() =>
        Assert.Equal("/files/a/b%20c/d", (await _echo.RestOfPathAsync("a/b c/d")).Target);

    [Fact]
    public async Task BaseAddress_WithPath_GoesFirst()
    {
        var echo = RestService.For<IEcho>($"{_server.Address}base/v1/");
        Assert.Equal("/base/v1/files/x", (await echo.RestOfPathAsync("x")).Target);
    }

    [Fact]
    public async Task Query_Object_IsFlattened()
    {
        var search = new Search { Text = "a b", Size = 5, Since = new(2026, 1, 2, 3, 4, 5), Tags = ["x", "y"], Inner = new() { Text = "in" } };
        Assert.Equal("/search?Text=a%20b&page_size=5&Since=2026-01-02&Tags=x&Tags=y&Inner.Text=in", (await _echo.SearchAsync(search)).Target);
        Assert.Equal("/search?q-Text=a%20b&q-Inner-Text=in", (await _echo.PrefixedAsync(new() { Text = "a b", Inner = new() { Text = "in" } })).Target);
    }

    [Fact]
    public async Task Query_Dictionary_GivesItsKeys() =>
        Assert.Equal("/search?a=1&b=x", (await _echo.DictionaryAsync(new Dictionary<string, object> { ["a"] = 1, ["b"] = "x", ["c"] = null! })).Target);

    [Fact]
    public async Task Query_Values_AreInvariant() => Assert.Equal(
        "/values?flag=True&amount=1.50&colour=light-blue&at=2026-01-02T03%3A04%3A05.0000000%2B00%3A00",
        (await _echo.ValuesAsync(true, 1.50m, Colour.LightBlue, new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero))).Target);

    [Fact]
    public async Task Query_Collections_FollowTheirFormat() =>
        Assert.Equal("/list?plain=1%2C2&several=a&several=b&piped=3%7C4", (await _echo.ListAsync([1, 2], ["a", "b"], [3, 4])).Target);

    [Fact]
    public async Task Settings_CollectionFormat_IsTheDefault()
    {
        var echo = RestService.For<IEcho>(_server.Address.ToString(), new RefitSettings { CollectionFormat = CollectionFormat.Multi });
        Assert.Equal("/list?plain=1&plain=2&several=a&piped=3", (await echo.ListAsync([1, 2], ["a"], [3])).Target);
    }

    [Fact]
    public async Task Body_Object_IsJson()
    {
        var seen = await _echo.PostAsync(new("one", 2), 1);
        Assert.Equal(("POST", "/things?dry=1"), (seen.Method, seen.Target));
        Assert.Equal("""{"name":"one","count":2,"colour":"lightBlue"}""", seen.Body);
        Assert.Equal("application/json; charset=utf-8", seen.Headers["Content-Type"]);
        Assert.False(seen.Headers.ContainsKey("Content-Length"));
    }

    [Fact]
    public async Task Body_NotMarked_IsTheOneComplexArgument()
    {
        var seen = await _echo.PutAsync("7", new("one", null, Colour.OK));
        Assert.Equal(("PUT", "/things/7", """{"name":"one","count":null,"colour":"oK"}"""), (seen.Method, seen.Target, seen.Body));
    }

    [Fact]
    public async Task Body_Buffered_HasALength()
    {
        var seen = await _echo.PatchBufferedAsync(new("one"));
        Assert.Equal(("PATCH", seen.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)), (seen.Method, seen.Headers["Content-Length"]));
    }

    [Fact]
    public async Task Body_String_IsTextUnlessSerialized()
    {
        var text = await _echo.PostTextAsync("a\"b");
        Assert.Equal(("a\"b", "text/plain; charset=utf-8"), (text.Body, text.Headers["Content-Type"]));
        var json = await _echo.PostJsonStringAsync("a b");
        Assert.Equal(("\"a b\"", "application/json; charset=utf-8"), (json.Body, json.Headers["Content-Type"]));
    }

    [Fact]
    public async Task Body_None_IsEmpty()
    {
        var seen = await _echo.PostNothingAsync();
        Assert.Equal(("POST", "", "0"), (seen.Method, seen.Body, seen.Headers["Content-Length"]));
    }

    [Fact]
    public async Task Headers_FromInterfaceMethodAndArguments_LaterWins()
    {
        var seen = await _echo.HeadersAsync("1\r\nX-Injected: yes", new Dictionary<string, string> { ["X-Two"] = "2", ["X-Static"] = "collection" }, "secret");
        var expected = new Dictionary<string, string>
        {
            ["Accept"] = "text/x-test",
            ["Authorization"] = "Bearer secret",
            ["User-Agent"] = "tests/1",
            ["X-One"] = "1X-Injected: yes",
            ["X-Static"] = "collection",
            ["X-Two"] = "2",
        };
        Assert.Equal(expected, seen.Headers.Where(h => h.Key is not ("Host" or "traceparent")).OrderBy(h => h.Key, StringComparer.Ordinal).ToDictionary());
    }

    [Fact]
    public async Task Headers_NullArgument_IsNotSent() =>
        Assert.False((await _echo.HeadersAsync(null, new Dictionary<string, string>(), "secret")).Headers.ContainsKey("X-One"));

    [Fact]
    public async Task ClientWithoutBaseAddress_IsRefused()
    {
        using var client = new HttpClient();
        await Assert.ThrowsAsync<InvalidOperationException>(() => RestService.For<IEcho>(client).PostNothingAsync());
    }

    public interface IMissing
    {
        [Get("/x/{id}")]
        Task GetAsync(int other);
    }

    public interface IRelative
    {
        [Get("x")]
        Task GetAsync();
    }

    public interface ITwoBodies
    {
        [Post("/x")]
        Task PostAsync(Thing one, Thing two);
    }

    [Fact]
    public void Interface_ThatMakesNoSense_IsRefusedAtOnce()
    {
        Assert.Throws<ArgumentException>(() => RestService.For<IMissing>("http://localhost"));
        Assert.Throws<ArgumentException>(() => RestService.For<IRelative>("http://localhost"));
        Assert.Throws<ArgumentException>(() => RestService.For<ITwoBodies>("http://localhost"));
        Assert.Throws<InvalidOperationException>(() => RestService.For<IDisposable>("http://localhost"));
    }
}
