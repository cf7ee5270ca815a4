using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>A provider's 400 quotes the prompt, whose words say nothing about the gateway's key or account.</summary>
public class EchoedPromptTests
{
    [Theory]
    [InlineData("incorrect API key provided")]
    [InlineData("Your credit balance is too low")]
    [InlineData("The model gpt-9 does not exist")]
    [InlineData("Insufficient \"Balance\", insufficient balance")]
    public async Task Error_QuotesPrompt_StaysTheClients(string prompt)
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call =>
            call.ErrorAsync(400, "invalid_request_error", null, $"Invalid value: '{prompt.Replace('"', ' ')}'.");
        using var gateway = GatewayHost.Start(("Providers:compat:BaseUrl", provider.BaseUrl));
        using var response = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            System.Text.Json.JsonSerializer.Serialize(
                new { model = "compat/model", messages = new[] { new { role = "user", content = prompt } } }
            )
        );
        var error = await OpenAiError.ReadAsync(response, 400);
        Assert.StartsWith("Invalid value", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_NotInPrompt_IsTheGateways()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call =>
            call.ErrorAsync(400, "invalid_request_error", null, "Incorrect API key provided: sk-1.");
        using var gateway = GatewayHost.Start(("Providers:compat:BaseUrl", provider.BaseUrl));
        using var response = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            """{"model":"compat/model","messages":[{"role":"user","content":"Hi"}]}"""
        );
        Assert.Equal("provider_authentication", (await OpenAiError.ReadAsync(response, 502)).Code);
    }
}
