using CogniForge.Llm.Tests.PassThrough;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests;

/// <summary>The gateway of the documentation: its default settings, and a fake for each provider with a key.</summary>
public sealed class DocumentedGateway : IAsyncLifetime
{
    private RecordingProvider _provider = null!;
    private GatewayHost _host = null!;

    public HttpClient Client => _host.Client;

    public Uri Address => _host.Address;

    public async Task InitializeAsync()
    {
        _provider = await RecordingProvider.StartAsync();
        _provider.RespondJson(
            """
            {"id":"c","object":"chat.completion","created":1,"model":"m","text":"Hello",
             "choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}
            """
        );
        _host = GatewayHost.Start(
            ("Providers:groq:BaseUrl", _provider.BaseUrl),
            ("Providers:groq:ApiKey", "gsk_of_a_test"),
            ("Providers:openai:BaseUrl", _provider.BaseUrl),
            ("Providers:openai:ApiKey", "sk-of-a-test")
        );
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _provider.DisposeAsync();
    }
}
