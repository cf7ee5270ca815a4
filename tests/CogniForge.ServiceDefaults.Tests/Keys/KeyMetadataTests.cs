using System.Net;
using System.Text.Json;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CogniForge.ServiceDefaults.Tests.Keys;

/// <summary>Metadata of API keys.</summary>
public sealed class KeyMetadataTests : IAsyncLifetime
{
    private const string Path = "/api/v1/llm/keys";
    private TestService _service = null!;
    private HttpClient _root = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync(app =>
            app.MapGet(
                    "/metadata",
                    (HttpContext context) => JsonSerializer.Serialize(Caller.From(context.User).Metadata)
                )
                .RequireScope(Scopes.Read("llm"))
        );
        _root = _service.Client();
    }

    public async Task DisposeAsync()
    {
        _root.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Create_WithMetadata_CallerHasIt()
    {
        using var response = await CreateAsync("""{"team":"red","stage":""}""");
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var created = await response.JsonAsync();
        using var client = _service.Client(created.GetProperty("key").GetString());

        Assert.Equal("""{"team":"red","stage":""}""", await client.GetStringAsync("/metadata"));
        Assert.Equal("red", Metadata(created.GetProperty("details")).GetProperty("team").GetString());
    }

    [Fact]
    public async Task Change_Metadata_ReplacesOnlyIt()
    {
        using var response = await CreateAsync("""{"team":"red"}""");
        var id = (await response.JsonAsync()).GetProperty("details").GetProperty("id").GetString();

        var renamed = await ChangeAsync(id!, """{"name":"other"}""");
        Assert.Equal("""{"team":"red"}""", Metadata(renamed).GetRawText());
        var changed = await ChangeAsync(id!, """{"metadata":{"stage":"test"}}""");
        Assert.Equal("""{"stage":"test"}""", Metadata(changed).GetRawText());
        Assert.Equal("other", changed.GetProperty("name").GetString());
        var none = await ChangeAsync(id!, """{"metadata":null}""");
        Assert.Equal(JsonValueKind.Null, Metadata(none).ValueKind);
    }

    [Theory]
    [InlineData("""{"":"red"}""", "metadata")]
    [InlineData("""{"te\u0000am":"red"}""", "metadata")]
    [InlineData("""{"team":null}""", "metadata.team")]
    [InlineData("""{"team":"\u0000"}""", "metadata.team")]
    [InlineData("65", "metadata")]
    [InlineData("513", "metadata.team")]
    [InlineData("17", "metadata")]
    public async Task Create_InvalidMetadata_Returns400(string metadata, string path)
    {
        metadata = metadata switch
        {
            "65" => $$"""{"{{new string('a', 65)}}":"red"}""",
            "513" => $$"""{"team":"{{new string('a', 513)}}"}""",
            "17" => JsonSerializer.Serialize(Enumerable.Range(0, 17).ToDictionary(i => $"n{i}", i => "v")),
            _ => metadata,
        };
        using var response = await CreateAsync(metadata);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(
            [path],
            (await response.JsonAsync()).GetProperty("errors").EnumerateObject().Select(e => e.Name)
        );
    }

    private Task<HttpResponseMessage> CreateAsync(string metadata) =>
        _root.PostAsync(
            Path,
            Answers.Json($$"""{"name":"test","scopes":["llm:read"],"metadata":{{metadata}}}""")
        );

    private async Task<JsonElement> ChangeAsync(string id, string body)
    {
        using var response = await _root.PatchAsync($"{Path}/{id}", Answers.Json(body));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.JsonAsync();
    }

    private static JsonElement Metadata(JsonElement key) => key.GetProperty("metadata");
}
