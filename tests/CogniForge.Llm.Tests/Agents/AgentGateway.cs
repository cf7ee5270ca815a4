using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Agents;

/// <summary>A gateway in front of one fake server that plays a provider of each kind, by the model's prefix.</summary>
public sealed class AgentGateway : IAsyncLifetime, IAsyncDisposable
{
    private static readonly string[] _kinds = ["openai", "anthropic", "openrouter", "compat", "mistral"];
    private int _models;
    private Host _host = null!;

    public FakeProvider Provider { get; private set; } = null!;

    public HttpClient Client => _host.Client;

    public Uri Address => _host.Address;

    /// <summary>A new model of a provider, with its own circuit breaker.</summary>
    public string Model(string provider) => $"{provider}/model-{Interlocked.Increment(ref _models)}";

    public async Task InitializeAsync()
    {
        Provider = await FakeProvider.StartAsync();
        _host = new(Provider);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await Provider.DisposeAsync();
    }

    private sealed class Host(FakeProvider provider)
        : ServiceHost<Program>(builder =>
        {
            foreach (var kind in _kinds)
            {
                builder.UseSetting($"Providers:{kind}:BaseUrl", provider.BaseUrl);
                builder.UseSetting($"Providers:{kind}:ApiKey", $"sk-{kind}-SECRET");
            }
        });
}
