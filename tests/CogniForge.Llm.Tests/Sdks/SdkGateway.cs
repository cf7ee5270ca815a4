using System.Collections.Concurrent;
using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>A gateway in front of a fake OpenAI and a fake Anthropic. Its clock stands still unless a test lets it run, so nothing here ends by a time-out.</summary>
public sealed class SdkGateway : IAsyncLifetime, IAsyncDisposable
{
    private readonly KeptLog _log = new();
    private int _models;
    private FakeProvider _openAi = null!;
    private FakeProvider _anthropic = null!;
    private Host _host = null!;

    internal FakeTimeProvider Time { get; } = new(TestTime.Start);

    public HttpClient Client => _host.Client;

    public Uri Address => _host.Address;

    /// <summary>All that was logged, of every level.</summary>
    public IEnumerable<string> Logged => _log.Lines;

    public HttpClient NewClient(string key) => _host.NewClient(key);

    internal ISdk Sdk(Api api) => ISdk.Create(api, Address);

    public FakeProvider Provider(Api api) => api == Api.OpenAI ? _openAi : _anthropic;

    /// <summary>A model of a provider that no other test has asked: it has a circuit breaker of its own.</summary>
    public string Model(Api provider) =>
        $"{(provider == Api.OpenAI ? "gpt" : "claude")}-fake-{Interlocked.Increment(ref _models)}";

    /// <summary>Asks a model of a provider that gives an answer.</summary>
    /// <returns>What the client heard, and what the provider was asked.</returns>
    internal async Task<(Answer Heard, Question Asked, FakeCall Call)> AskAsync(
        Api client,
        Api provider,
        bool stream,
        Question question,
        Answer response
    )
    {
        Provider(provider).Behaviour = call => AnswerAsync(provider, call, response);
        var heard = await Sdk(client).AskAsync(Model(provider), question, stream);
        var call = Provider(provider).Calls[^1];
        return (heard, Read(provider, call.Body), call);
    }

    internal static Task AnswerAsync(Api provider, FakeCall call, Answer response) =>
        provider == Api.OpenAI ? OpenAiWire.AnswerAsync(call, response) : AnthropicWire.AnswerAsync(call, response);

    /// <summary>Begins a stream with a text, and does not end it.</summary>
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

    internal static Question Read(Api provider, JsonElement body) =>
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

    private sealed class KeptLog : ILoggerProvider, ILogger
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
