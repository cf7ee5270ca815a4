using System.Net.Http.Json;
using Anthropic.Exceptions;
using OpenAI.Models;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>The list of models in the format of each SDK.</summary>
public class ModelListTests(SdkGateway gateway) : IClassFixture<SdkGateway>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        using var created = await gateway.Client.PutAsJsonAsync(
            "/api/v1/llm/routes/team/fast",
            new
            {
                targets = new[] { new { provider = "anthropic", model = "claude-x" } },
                aliases = new[] { "quick", "any-*" },
            }
        );
        created.EnsureSuccessStatusCode();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task List_OpenAISdk_ReturnsRoutesAndAliases()
    {
        OpenAIModelCollection all = await OpenAi().GetModelsAsync();
        Assert.Equal(
            [("mock", "mock"), ("quick", "anthropic"), ("team/fast", "anthropic")],
            all.Select(m => (m.Id, m.OwnedBy))
        );
    }

    [Theory]
    [InlineData("team/fast", "anthropic")]
    [InlineData("any-thing", "anthropic")]
    [InlineData("gpt-unlisted", "openai")]
    public async Task Get_OpenAISdk_ReturnsOwner(string model, string owner)
    {
        OpenAIModel one = await OpenAi().GetModelAsync(model);
        Assert.Equal((model, owner), (one.Id, one.OwnedBy));
    }

    [Fact]
    public async Task List_AnthropicSdk_ReturnsRoutesAndAliases()
    {
        using var client = new AnthropicSdk(gateway.Address, "cf_dev").Client;
        var page = await client.Models.List();
        Assert.Equal(
            [("mock", "mock"), ("quick", "quick"), ("team/fast", "team/fast")],
            page.Items.Select(m => (m.ID, m.DisplayName))
        );
        Assert.False(page.HasNext());
    }

    [Fact]
    public async Task Get_AnthropicSdk_ReturnsModel()
    {
        using var client = new AnthropicSdk(gateway.Address, "cf_dev").Client;
        var one = await client.Models.Retrieve("claude-opus-5");
        Assert.Equal(
            ("claude-opus-5", "model", DateTimeOffset.UnixEpoch),
            (one.ID, one.Type.GetString(), one.CreatedAt)
        );
        var error = await Assert.ThrowsAsync<AnthropicNotFoundException>(() => client.Models.Retrieve("unknown"));
        Assert.Contains("'unknown' does not exist", error.Message, StringComparison.Ordinal);
    }

    private OpenAIModelClient OpenAi()
    {
        var sdk = new OpenAiSdk(gateway.Address, "cf_dev");
        return new(sdk.Credential, sdk.Options);
    }
}
