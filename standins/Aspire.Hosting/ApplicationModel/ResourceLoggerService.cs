using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>What each resource wrote to its console, and what was logged about it: kept, and followed live.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);

    public ILogger GetLogger(IResource resource)
    {
        var ids = resource.GetResourceIds();
        return ids.Length == 1 ? GetLogger(ids[0]) : new LoggerOfAll([.. ids.Select(GetLogger)]);
    }

    public ILogger GetLogger(string resourceName) => Log(resourceName);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => Merge(resource.GetResourceIds(), WatchAsync);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => Log(resourceName).FollowAsync(firstNumber: 1);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) => Merge(resource.GetResourceIds(), GetAllAsync);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName) => Log(resourceName).History(firstNumber: 0);

    public void Complete(IResource resource)
    {
        foreach (var id in resource.GetResourceIds())
            Complete(id);
    }

    public void Complete(string name) => Log(name).Complete();

    public void ClearBacklog(string resourceName) => Log(resourceName).Clear();

    public void Dispose()
    {
        foreach (var log in _logs.Values)
            log.Complete();
        GC.SuppressFinalize(this);
    }

    internal ResourceLog Log(string resourceId) => _logs.GetOrAdd(resourceId, _ => new ResourceLog());

    private static async IAsyncEnumerable<IReadOnlyList<LogLine>> Merge(string[] ids, Func<string, IAsyncEnumerable<IReadOnlyList<LogLine>>> read, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var merged = Channel.CreateUnbounded<IReadOnlyList<LogLine>>();
        var reading = Task.WhenAll(ids.Select(async id =>
        {
            await foreach (var lines in read(id).WithCancellation(cancellationToken).ConfigureAwait(false))
                merged.Writer.TryWrite(lines);
        })).ContinueWith(t => merged.Writer.TryComplete(t.IsCanceled ? null : t.Exception), TaskScheduler.Default);
        await foreach (var lines in merged.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            yield return lines;
        await reading.ConfigureAwait(false);
    }

    private sealed class LoggerOfAll(ILogger[] loggers) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            foreach (var logger in loggers)
                logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}

/// <summary>One instance's log: a bounded history and its followers. Safe for concurrent use.</summary>
internal sealed class ResourceLog : ILogger
{
    private const int Kept = 10_000;
    private readonly Lock _lock = new();
    private readonly Queue<(string Text, bool IsError)> _history = new();
    private readonly List<Channel<(string Text, bool IsError)>> _followers = [];
    private bool _completed;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = "[sys] " + formatter(state, exception) + (exception is null ? "" : Environment.NewLine + exception);
        foreach (var line in text.Split('\n'))
            Write(line.TrimEnd('\r'), logLevel >= LogLevel.Error);
    }

    public void Write(string line, bool isError)
    {
        var text = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffK", CultureInfo.InvariantCulture) + " " + line;
        lock (_lock)
        {
            if (_history.Count == Kept)
                _history.Dequeue();
            _history.Enqueue((text, isError));
            foreach (var follower in _followers)
                follower.Writer.TryWrite((text, isError));
        }
    }

    public void Clear()
    {
        lock (_lock)
            _history.Clear();
    }

    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            foreach (var follower in _followers)
                follower.Writer.TryComplete();
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> History(int firstNumber)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        (string Text, bool IsError)[] lines;
        lock (_lock)
            lines = [.. _history];
        yield return Number(lines, ref firstNumber);
    }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> FollowAsync(int firstNumber, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var live = Channel.CreateUnbounded<(string Text, bool IsError)>(new UnboundedChannelOptions { SingleReader = true });
        lock (_lock)
        {
            foreach (var line in _history)
                live.Writer.TryWrite(line);
            _followers.Add(live);
            if (_completed)
                live.Writer.TryComplete();
        }

        try
        {
            while (await live.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var batch = new List<(string, bool)>();
                while (batch.Count < 1000 && live.Reader.TryRead(out var line))
                    batch.Add(line);
                yield return Number(batch, ref firstNumber);
            }
        }
        finally
        {
            lock (_lock)
                _followers.Remove(live);
        }
    }

    private static LogLine[] Number(IReadOnlyList<(string Text, bool IsError)> lines, ref int number)
    {
        var numbered = new LogLine[lines.Count];
        for (var i = 0; i < numbered.Length; i++)
            numbered[i] = new LogLine(number++, lines[i].Text, lines[i].IsError);
        return numbered;
    }
}
