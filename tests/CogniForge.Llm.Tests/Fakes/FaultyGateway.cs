using CogniForge.Llm.RequestLog;
using CogniForge.ServiceDefaults.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Llm.Tests.Fakes;

/// <summary>
/// A gateway with two fake providers and a fake clock, which <see cref="SendAsync"/> advances faster than real time.
/// </summary>
/// <remarks>
/// Route <c>both</c>: <c>primary</c>, then <c>backup</c>. Routes <c>alone</c> and <c>cached</c> (for ten minutes): only
/// <c>primary</c>; identical requests wait ten seconds, and streams of up to 100,000 bytes are cached. Route
/// <c>mixed</c>: <c>primary</c> with Anthropic's protocol, then <c>backup</c>.
/// </remarks>
internal sealed class FaultyGateway : IAsyncDisposable
{
    private readonly Host _host;

    private FaultyGateway(FakeProvider primary, FakeProvider backup, (string Name, string? Value)[] settings)
    {
        (Primary, Backup) = (primary, backup);
        _host = new(primary, backup, Time, settings);
    }

    public FakeTimeProvider Time { get; } = new(TestTime.Start);

    public FakeProvider Primary { get; }

    public FakeProvider Backup { get; }

    public HttpClient Client => _host.Client;

    public Uri Address => _host.Address;

    public HttpClient NewClient(string key) => _host.NewClient(key);

    public Task<string> CreateKeyAsync(string service, params string[] scopes) =>
        _host.CreateKeyAsync(service, scopes);

    /// <summary>
    /// Advances the clock until the request log has <paramref name="count"/> entries; returns all entries.
    /// </summary>
    public async Task<IReadOnlyList<RequestLogEntry>> LogEntriesAsync(int count)
    {
        var log = _host.Services.GetRequiredService<CapturedEntries>();
        await Until.EqualAsync(
            true,
            () =>
            {
                Time.Advance(TimeSpan.FromMilliseconds(100));
                return Task.FromResult(log.All.Count >= count);
            }
        );
        return log.All;
    }

    /// <param name="settings">Settings that replace those of every such gateway; null: the service's default.</param>
    public static async Task<FaultyGateway> StartAsync(params (string Name, string? Value)[] settings) =>
        new(await FakeProvider.StartAsync(), await FakeProvider.StartAsync(), settings);

    /// <summary>Creates a client with a key of its own.</summary>
    public async Task<HttpClient> NewClientAsync() =>
        _host.NewClient(await _host.CreateKeyAsync("llm", "llm:invoke"));

    /// <summary>Sends a chat completion and advances the clock until the response is complete.</summary>
    public async Task<Reply> SendAsync(string model, bool stream, string more = "", HttpClient? client = null)
    {
        var reply = Reply.ReadAsync(
            client ?? Client,
            $$"""
            {"model":"{{model}}","messages":[{"role":"user","content":"Hi"}],
             "stream":{{(stream ? "true" : "false")}}{{more}}}
            """
        );
        var before = Time.GetUtcNow();
        await RunAsync(reply);
        return await reply with { Took = Time.GetUtcNow() - before };
    }

    /// <summary>Advances the clock until a task completes, slowly enough for all timers to fire.</summary>
    public Task RunAsync(Task task) => Time.RunAsync(task);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await Primary.DisposeAsync();
        await Backup.DisposeAsync();
    }

    private sealed class Host(
        FakeProvider primary,
        FakeProvider backup,
        FakeTimeProvider time,
        (string Name, string? Value)[] settings
    )
        : ServiceHost<Program>(builder =>
        {
            Use("Providers:primary:BaseUrl", primary.BaseUrl);
            Use("Providers:primary:ApiKey", "sk-primary");
            Use("Providers:backup:BaseUrl", backup.BaseUrl);
            Use("Routes:both:Targets:0:Provider", "primary");
            Use("Routes:both:Targets:0:Model", "model-a");
            Use("Routes:both:Targets:1:Provider", "backup");
            Use("Routes:both:Targets:1:Model", "model-b");
            Use("Routes:alone:Targets:0:Provider", "primary");
            Use("Routes:alone:Targets:0:Model", "model-a");
            Use("Providers:claude:Kind", "Anthropic");
            Use("Providers:claude:BaseUrl", primary.BaseUrl);
            Use("Routes:mixed:Targets:0:Provider", "claude");
            Use("Routes:mixed:Targets:0:Model", "claude-a");
            Use("Routes:mixed:Targets:1:Provider", "backup");
            Use("Routes:mixed:Targets:1:Model", "model-b");
            Use("Routes:cached:Targets:0:Provider", "primary");
            Use("Routes:cached:Targets:0:Model", "model-a");
            Use("Routes:cached:Cache:Lifetime", "00:10:00");
            Use("Cache:InFlightTimeout", "00:00:10");
            Use("Cache:MaxStreamBytes", "100000");

            // Shorter than the defaults, because the clock advances step by step.
            Use("Timeouts:FirstToken", "00:00:10");
            Use("Timeouts:Silence", "00:00:20");
            Use("Timeouts:Answer", "00:01:00");
            Use("Timeouts:Total", "00:10:00");

            // A keep-alive would turn a later error into an event, and the clock is faster than a busy machine.
            Use("Timeouts:KeepAlive", "00:00:00");
            foreach (var (name, value) in settings)
            {
                Use(name, value);
            }

            builder.ConfigureServices(services =>
            {
                services.AddSingleton<TimeProvider>(time);
                services.AddSingleton<CapturedEntries>();
                services.AddSingleton<IRequestLog>(provider => provider.GetRequiredService<CapturedEntries>());
            });

            void Use(string name, string? value) => builder.UseSetting(name, value);
        });

    private sealed class CapturedEntries : IRequestLog
    {
        private readonly Lock _lock = new();
        private readonly List<RequestLogEntry> _entries = [];

        public IReadOnlyList<RequestLogEntry> All
        {
            get
            {
                lock (_lock)
                {
                    return [.. _entries];
                }
            }
        }

        public Task AddAsync(IReadOnlyList<RequestLogEntry> entries, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                _entries.AddRange(entries);
            }

            return Task.CompletedTask;
        }

        public Task<Page<RequestLogEntry>> ListAsync(
            RequestLogFilter filter,
            Cursor cursor,
            int limit,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task<CountResponse> CountAsync(CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<UsageGroup>> SumAsync(
            RequestLogFilter filter,
            IReadOnlyList<UsageDimension> groupBy,
            int limit,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public Task<bool> HasRolledUpAsync(
            DateTimeOffset first,
            DateTimeOffset last,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();
    }
}
