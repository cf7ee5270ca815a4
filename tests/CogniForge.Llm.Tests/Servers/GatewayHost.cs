using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CogniForge.Llm.Tests.Servers;

/// <summary>A replica of the gateway with its own settings and a captured log.</summary>
internal sealed class GatewayHost : ServiceHost<Program>
{
    private readonly LogLines _log;
    private readonly string _journal;

    private GatewayHost(LogLines log, string journal, (string Name, string Value)[] settings)
        : base(builder =>
        {
            builder.UseSetting("CogniForge:JournalDirectory", journal);
            foreach (var (name, value) in settings)
            {
                builder.UseSetting(name, value);
            }

            builder.ConfigureServices(services => services.AddSingleton<ILoggerFactory>(new LoggerFactory([log])));
        }) => (_log, _journal) = (log, journal);

    public static GatewayHost Start(params (string Name, string Value)[] settings) =>
        new(new(), Path.Combine(Path.GetTempPath(), $"cogniforge-llm-{Guid.CreateVersion7():n}"), settings);

    /// <summary>Starts it, and returns when the migrations are applied: until then, requests get a 503.</summary>
    public static async Task<GatewayHost> StartOnAsync(
        string database,
        params (string Name, string Value)[] settings
    )
    {
        var gateway = Start([("ConnectionStrings:llmdb", database), .. settings]);
        try
        {
            await Until.EqualAsync(
                true,
                async () =>
                {
                    using var health = await gateway.Client.GetAsync("/health");
                    return health.IsSuccessStatusCode;
                }
            );
        }
        catch (Xunit.Sdk.XunitException e)
        {
            // A host that has stopped says why in its log.
            var log = gateway._log.Lines.Where(l => l.Level >= LogLevel.Warning).Select(l => l.Text);
            throw new InvalidOperationException(string.Join('\n', log), e);
        }

        return gateway;
    }

    /// <summary>The log messages of a level.</summary>
    public IReadOnlyList<string> Logged(LogLevel level) =>
        [.. _log.Lines.Where(l => l.Level == level).Select(l => l.Text)];

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            TemporaryFolder.Delete(_journal);
        }
    }

    private sealed class LogLines : ILoggerProvider
    {
        public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Logger(this);

        public void Dispose() { }

        private sealed class Logger(LogLines lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

            public void Log<TState>(
                LogLevel logLevel,
                EventId eventId,
                TState state,
                Exception? exception,
                Func<TState, Exception?, string> formatter
            ) => lines.Lines.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));
        }
    }
}
