using CogniForge.Llm.RequestLog;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Llm.Tests.Fakes;

/// <summary>
/// A gateway with two fake providers: the route <c>both</c> asks <c>primary</c> and falls back to <c>backup</c>, the route <c>alone</c> has only the primary,
/// <c>cached</c> too, and keeps its answers for ten minutes; <c>mixed</c> asks the primary as an Anthropic before the backup.
/// Its clock is the test's: <see cref="AskAsync"/> lets it run, so that ten seconds of waiting are over in one.
/// </summary>
internal sealed class FaultyGateway : IAsyncDisposable
{
    private readonly Host _host;

    private FaultyGateway(FakeProvider primary, FakeProvider backup)
    {
        (Primary, Backup) = (primary, backup);
        _host = new(primary, backup, Time);
    }

    public FakeTimeProvider Time { get; } = new(TestTime.Start);

    public FakeProvider Primary { get; }

    public FakeProvider Backup { get; }

    public HttpClient Client => _host.Client;

    public Uri Address => _host.Address;

    /// <summary>The records of what was dealt with, in the order in which they were stored; lets the clock run until there are so many.</summary>
    public async Task<IReadOnlyList<RequestLogEntry>> RecordsAsync(int count)
    {
        var kept = _host.Services.GetRequiredService<KeptRecords>();
        await Until.EqualAsync(
            true,
            () =>
            {
                Time.Advance(TimeSpan.FromMilliseconds(100));
                return Task.FromResult(kept.All.Count >= count);
            }
        );
        return kept.All;
    }

    public static async Task<FaultyGateway> StartAsync() =>
        new(await FakeProvider.StartAsync(), await FakeProvider.StartAsync());

    /// <summary>Asks, and lets the clock run until the answer is there.</summary>
    public async Task<Reply> AskAsync(string model, bool stream, string more = "")
    {
        var asked = Reply.ReadAsync(
            Client,
            $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}],"stream":{{(stream ? "true" : "false")}}{{more}}}"""
        );
        var before = Time.GetUtcNow();
        await RunAsync(asked);
        return await asked with { Took = Time.GetUtcNow() - before };
    }

    /// <summary>Lets the clock run until a task is done, slowly enough for everybody who waits to keep up.</summary>
    public Task RunAsync(Task task) => Time.RunAsync(task);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await Primary.DisposeAsync();
        await Backup.DisposeAsync();
    }

    private sealed class Host(FakeProvider primary, FakeProvider backup, FakeTimeProvider time)
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
            builder.ConfigureServices(services =>
            {
                services.AddSingleton<TimeProvider>(time);
                services.AddSingleton<KeptRecords>();
                services.AddSingleton<IRequestLogWriter>(provider => provider.GetRequiredService<KeptRecords>());
            });

            void Use(string name, string value) => builder.UseSetting(name, value);
        });

    /// <summary>Keeps the records for the test to look at.</summary>
    private sealed class KeptRecords : IRequestLogWriter
    {
        private readonly Lock _lock = new();
        private readonly List<RequestLogEntry> _records = [];

        public IReadOnlyList<RequestLogEntry> All
        {
            get
            {
                lock (_lock)
                {
                    return [.. _records];
                }
            }
        }

        public Task AddAsync(IReadOnlyList<RequestLogEntry> records, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                _records.AddRange(records);
            }

            return Task.CompletedTask;
        }

        public Task<long> CountAsync(CancellationToken cancellationToken) => Task.FromResult((long)All.Count);
    }
}
