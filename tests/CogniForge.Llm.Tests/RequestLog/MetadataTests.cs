using System.Text.Json;
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
    [InlineData("\"red\"", "metadata")]
    [InlineData("[]", "metadata")]
    [InlineData("""{"team":1}""", "metadata.team")]
    [InlineData("""{"team":{"name":"red"}}""", "metadata.team")]
    [InlineData("""{"team":"\u0000"}""", "metadata.team")]
    [InlineData("""{"":"red"}""", "metadata")]
    [InlineData("65", "metadata")]
    [InlineData("513", "metadata.team")]
    [InlineData("17", "metadata")]
    public async Task Request_InvalidMetadata_Returns400(string metadata, string path)
    {
        metadata = metadata switch
        {
            "65" => $$"""{"{{new string('a', 65)}}":"red"}""",
            "513" => $$"""{"team":"{{new string('a', 513)}}"}""",
            "17" => JsonSerializer.Serialize(Enumerable.Range(0, 17).ToDictionary(i => $"n{i}", i => "v")),
            _ => metadata,
        };
        using var response = await _red.ChatAsync(
            $$"""{"model":"mock","messages":[{"role":"user","content":"Hello"}],"metadata":{{metadata}}}"""
        );
        Assert.Equal(path, (await OpenAiError.ReadAsync(response, 400)).Param);
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

    private async Task<JsonElement> FindAsync(string path)
    {
        await Until.EqualAsync(1, async () => (await ListAsync(path)).Count);
        return (await ListAsync(path))[0];
    }

    private async Task<List<JsonElement>> ListAsync(string path)
    {
        using var response = await _gateway.Client.GetAsync(path);
        return [.. (await response.ReadAsync(200)).GetProperty("items").EnumerateArray()];
    }
}
