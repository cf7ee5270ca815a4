using System.ClientModel;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;

namespace CogniForge.Llm.Tests;

/// <summary>OpenAI's SDK with only the endpoint changed to the gateway.</summary>
public class OpenAiSdkTests(LlmService service) : IClassFixture<LlmService>
{
    [Fact]
    public async Task CompleteChat_Mock_ReturnsCompletion()
    {
        ChatCompletion completion = await Chat("mock")
            .CompleteChatAsync([new SystemChatMessage("Be brief."), new UserChatMessage("Hello")]);

        Assert.Equal("You said: Hello", Assert.Single(completion.Content).Text);
        Assert.Equal(ChatFinishReason.Stop, completion.FinishReason);
        Assert.Equal(ChatMessageRole.Assistant, completion.Role);
        Assert.Equal("mock", completion.Model);
        Assert.Equal(
            (5, 4, 9),
            (completion.Usage.InputTokenCount, completion.Usage.OutputTokenCount, completion.Usage.TotalTokenCount)
        );
    }

    [Fact]
    public async Task CompleteChat_MaxOutputTokens_TruncatesCompletion()
    {
        ChatCompletion completion = await Chat("mock")
            .CompleteChatAsync(
                [new UserChatMessage("Hello")],
                new ChatCompletionOptions { MaxOutputTokenCount = 2, Temperature = 0 }
            );
        Assert.Equal(ChatFinishReason.Length, completion.FinishReason);
        Assert.Equal("You said", completion.Content[0].Text);
    }

    [Fact]
    public async Task CompleteChat_UnknownModel_ThrowsGatewayError()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            Chat("gpt-none").CompleteChatAsync("Hello")
        );
        Assert.Equal(404, error.Status);
        Assert.Contains("model_not_found", error.Message, StringComparison.Ordinal);
        Assert.Contains("The model 'gpt-none' does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompleteChat_UnknownKey_Throws401()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            Chat("mock", "cf_unknown").CompleteChatAsync("Hello")
        );
        Assert.Equal(401, error.Status);
        Assert.Contains("invalid_api_key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompleteChatStreaming_Mock_StreamsTextAndUsage()
    {
        var (text, reason, usage, updates) = ("", (ChatFinishReason?)null, (ChatTokenUsage?)null, 0);
        await foreach (var update in Chat("mock").CompleteChatStreamingAsync("Hello"))
        {
            updates++;
            text += string.Concat(update.ContentUpdate.Select(c => c.Text));
            reason ??= update.FinishReason;
            usage ??= update.Usage;
        }

        Assert.Equal("You said: Hello", text);
        Assert.Equal(ChatFinishReason.Stop, reason);
        Assert.Equal((2, 4, 6), (usage!.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount));
        Assert.True(updates >= 5, $"{updates} updates");
    }

    [Fact]
    public async Task GetModels_Default_ListsMock()
    {
        var models = new OpenAIModelClient(new ApiKeyCredential("cf_dev"), Options());
        OpenAIModelCollection all = await models.GetModelsAsync();
        Assert.Equal("mock", Assert.Single(all).Id);
        OpenAIModel one = await models.GetModelAsync("mock");
        Assert.Equal("mock", one.OwnedBy);
    }

    private ChatClient Chat(string model, string key = "cf_dev") => new(model, new ApiKeyCredential(key), Options());

    private OpenAIClientOptions Options() => new() { Endpoint = new Uri(service.Address, "/v1") };
}
