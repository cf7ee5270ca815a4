using System.Collections.Concurrent;
using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>
/// A gateway in front of a fake OpenAI and a fake Anthropic. Its clock stands still unless a test advances it, so no
/// timeout ends a request here.
/// </summary>
public sealed class SdkGateway : IAsyncLifetime, IAsyncDisposable
{
    private readonly RecordedLog _log = new();
    private int _models;
    private FakeProvider _openAi = null!;
    private FakeProvider _anthropic = null!;
    private Host _host = null!;

    internal FakeTimeProvider Time { get; } = new(TestTime.Start);

    public HttpClient Client => _host.Client;

    public Uri Address => _host.Address;

    /// <summary>All log lines, of every level.</summary>
    public IEnumerable<string> Logged => _log.Lines;

    public HttpClient NewClient(string key) => _host.NewClient(key);

    internal ISdk Sdk(Api api) => ISdk.Create(api, Address);

    public FakeProvider Provider(Api api) => api == Api.OpenAI ? _openAi : _anthropic;

    /// <summary>
    /// A new model of a provider, with its own circuit breaker, so that tests do not affect each other.
    /// </summary>
    public string Model(Api provider) =>
        $"{(provider == Api.OpenAI ? "gpt" : "claude")}-fake-{Interlocked.Increment(ref _models)}";

    /// <summary>Sends a request to a provider that returns the given response.</summary>
    /// <returns>The response that the client receives, and the request that the provider receives.</returns>
    internal async Task<(ChatResponse Received, ChatRequest Sent, FakeCall Call)> SendAsync(
        Api client,
        Api provider,
        bool stream,
        ChatRequest request,
        ChatResponse response
    )
    {
        Provider(provider).Behaviour = call => RespondAsync(provider, call, response);
        var received = await Sdk(client).SendAsync(Model(provider), request, stream);
        var call = Provider(provider).Calls[^1];
        return (received, Read(provider, call.Body), call);
    }

    internal static Task RespondAsync(Api provider, FakeCall call, ChatResponse response) =>
        provider == Api.OpenAI ? OpenAiWire.RespondAsync(call, response) : AnthropicWire.RespondAsync(call, response);

    /// <summary>Starts a stream with a text, without ending it.</summary>
    internal static async Task BeginAsync(Api provider, FakeCall call, string text)
    {
        if (provider == Api.OpenAI)
        {
            await call.BeginAsync();
            await call.ChunkAsync(text);
            return;
        }

        foreach (
            var item in AnthropicWire
                .Events(call, new(text))
                .TakeWhile(e => e["type"]!.ToString() != "content_block_stop")
        )
        {
            await call.WriteAsync(AnthropicWire.Frame(item));
        }
    }

    internal static ChatRequest Read(Api provider, JsonElement body) =>
        provider == Api.OpenAI ? OpenAiWire.Read(body) : AnthropicWire.Read(body);

    public async Task InitializeAsync()
    {
        (_openAi, _anthropic) = (await FakeProvider.StartAsync(), await FakeProvider.StartAsync());
        _host = new(_openAi, _anthropic, Time);
        _host.Services.GetRequiredService<ILoggerFactory>().AddProvider(_log);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _openAi.DisposeAsync();
        await _anthropic.DisposeAsync();
    }

    private sealed class Host(FakeProvider openAi, FakeProvider anthropic, FakeTimeProvider time)
        : ServiceHost<Program>(builder =>
        {
            builder.UseSetting("Providers:openai:BaseUrl", openAi.BaseUrl);
            builder.UseSetting("Providers:openai:ApiKey", OpenAiWire.Key);
            builder.UseSetting("Providers:anthropic:BaseUrl", anthropic.BaseUrl);
            builder.UseSetting("Providers:anthropic:ApiKey", AnthropicWire.Key);
            builder.UseSetting("Logging:LogLevel:Default", "Trace");
            builder.ConfigureServices(services => services.AddSingleton<TimeProvider>(time));
        });

    private sealed class RecordedLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue(state.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose() { }
    }
}
