using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Limits;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.RequestLog;

/// <summary>Metadata of keys and requests in the request log and in usage.</summary>
public sealed class MetadataTests : IAsyncLifetime
{
    private const string Requests = "/api/v1/llm/requests";
    private const string Usage = "/api/v1/llm/usage";
    private readonly GatewayHost _gateway = GatewayHost.Start();
    private HttpClient _red = null!;

    public async Task InitializeAsync()
    {
        await _gateway.Client.PutAsync("/api/v1/llm/projects/team-a", "{}");
        using var created = await _gateway.Client.PostAsync(
            "/api/v1/llm/keys",
            """
            {"name":"red","scopes":["llm:invoke"],"limits":{"project":"team-a"},
             "metadata":{"team":"red","stage":"test"}}
            """
        );
        _red = _gateway.NewClient((await created.ReadAsync(201)).GetProperty("key").GetString());
    }

    public Task DisposeAsync()
    {
        _red.Dispose();
        _gateway.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("/v1/chat/completions", "messages")]
    [InlineData("/v1/responses", "input")]
    public async Task Request_WithMetadata_IsLoggedBesideTheKeys(string path, string input)
    {
        await SendAsync(_red, path, input, """{"team":"blue","run":"7"}""");

        var entry = await FindAsync($"{Requests}?metadata.run=7&metadata.team=red");

        Assert.Equal("team-a", entry.GetProperty("project").GetString());
        Assert.Equal(
            ["run=7", "stage=test", "team=red"],
            entry.GetProperty("metadata").EnumerateObject().Select(m => $"{m.Name}={m.Value}").Order()
        );
        Assert.Empty(await ListAsync($"{Requests}?metadata.team=blue"));
        Assert.Single(await ListAsync($"{Requests}?project=team-a"));
        Assert.Empty(await ListAsync($"{Requests}?project=team-b"));
    }

    [Fact]
    public async Task Usage_GroupedByMetadataAndProject_SumsEach()
    {
        await SendAsync(_red, "/v1/chat/completions", "messages", "null");
        await SendAsync(_gateway.Client, "/v1/chat/completions", "messages", """{"team":"blue"}""");
        await SendAsync(_gateway.Client, "/v1/chat/completions", "messages", "{}");
        await Until.EqualAsync(3, async () => (await ListAsync(Requests)).Count);

        using var report = await _gateway.Client.GetAsync($"{Usage}?groupBy=metadata.team,project");
        Assert.Equal(
            [
                """{"metadata.team":null,"project":null}""",
                """{"metadata.team":"blue","project":null}""",
                """{"metadata.team":"red","project":"team-a"}""",
            ],
            (await report.ReadAsync(200))
                .GetProperty("groups")
                .EnumerateArray()
                .Select(g => g.GetProperty("group").GetRawText())
        );
        var csv = await _gateway.Client.GetStringAsync(
            new Uri($"{Usage}?groupBy=project,metadata.team&format=csv&metadata.team=red", UriKind.Relative)
        );
        Assert.StartsWith("project,metadata.team,requests,", csv, StringComparison.Ordinal);
        Assert.Contains("\r\nteam-a,red,1,0,", csv, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"red\"", "")]
    [InlineData("[]", "")]
    [InlineData("""{"run":1,"a":"b"}""", "a=b")]
    [InlineData("""{"a":"b","run":{"name":"red"}}""", "a=b")]
    [InlineData("""{"run":"\u0000"}""", "")]
    [InlineData("""{"run":"\ud83d","\ud83d":"x","a":"b"}""", "a=b")]
    [InlineData("""{"":"red"}""", "")]
    [InlineData("65", "")]
    [InlineData("513", "")]
    [InlineData("17", "n0=v n10=v n11=v n12=v n13=v n14=v n15=v n1=v n2=v n3=v n4=v n5=v n6=v n7=v n8=v n9=v")]
    public async Task Request_InvalidMetadata_IsSentAndLogsTexts(string metadata, string logged)
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start(("Providers:fake:BaseUrl", provider.BaseUrl));
        metadata = metadata switch
        {
            "65" => $$"""{"{{new string('a', 65)}}":"red"}""",
            "513" => $$"""{"run":"{{new string('a', 513)}}"}""",
            "17" => JsonSerializer.Serialize(Enumerable.Range(0, 17).ToDictionary(i => $"n{i}", i => "v")),
            _ => metadata,
        };
        using var response = await gateway.Client.ChatAsync(
            $$"""{"model":"fake/m","messages":[{"role":"user","content":"Hello"}],"metadata":{{metadata}}}"""
        );
        await response.ReadAsync(200);

        Assert.Equal(metadata, provider.Calls.Single().Body.GetProperty("metadata").GetRawText());
        var entry = await FindAsync(gateway, Requests);
        Assert.Equal(
            logged,
            entry.TryGetProperty("metadata", out var texts) && texts.ValueKind == JsonValueKind.Object
                ? string.Join(
                    ' ',
                    texts.EnumerateObject().Select(m => $"{m.Name}={m.Value}").Order(StringComparer.Ordinal)
                )
                : ""
        );
    }

    [Theory]
    [InlineData($"{Requests}?metadata.=red")]
    [InlineData($"{Requests}?metadata.a=1&metadata.a=2")]
    [InlineData($"{Requests}?metadata=red")]
    [InlineData($"{Usage}?groupBy=metadata.")]
    [InlineData($"{Usage}?groupBy=metadata")]
    public async Task Query_InvalidMetadataName_Returns400(string path)
    {
        using var response = await _gateway.Client.GetAsync(path);
        Assert.Equal(400, (int)response.StatusCode);
    }

    private static async Task SendAsync(HttpClient client, string path, string input, string metadata)
    {
        using var response = await client.ChatAsync(
            $$"""{"model":"mock","{{input}}":[{"role":"user","content":"Hello"}],"metadata":{{metadata}}}""",
            path
        );
        await response.ReadAsync(200);
    }

    private Task<JsonElement> FindAsync(string path) => FindAsync(_gateway, path);

    private static async Task<JsonElement> FindAsync(GatewayHost gateway, string path)
    {
        await Until.EqualAsync(1, async () => (await ListAsync(gateway, path)).Count);
        return (await ListAsync(gateway, path))[0];
    }

    private Task<List<JsonElement>> ListAsync(string path) => ListAsync(_gateway, path);

    private static async Task<List<JsonElement>> ListAsync(GatewayHost gateway, string path)
    {
        using var response = await gateway.Client.GetAsync(path);
        return [.. (await response.ReadAsync(200)).GetProperty("items").EnumerateArray()];
    }
}
