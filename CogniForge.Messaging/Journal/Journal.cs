using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text.Json;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Postgres;
using Microsoft.Extensions.Options;

namespace CogniForge.Messaging.Journal;

/// <summary>
/// Records about responses, appended to a local file before the response ends, then stored and published in batches; a
/// restart replays the rest. Each process uses its own folder (<c>slot-N</c>) and drains those of processes that did
/// not return. Thread-safe.
/// </summary>
/// <typeparam name="T">The type of the records; each has an id by which its sink recognizes it.</typeparam>
public sealed partial class Journal<T> : BackgroundService
{
    private const int MaxBatchRecords = 1_000;
    private const int MaxBatchBytes = 256 * 1024;
    private const long MaxRejectedBytes = 64L << 20;
    private const int KeptLineBytes = 64 * 1024;
    private static readonly TimeSpan _batchDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _adoptInterval = TimeSpan.FromSeconds(10);

    private static readonly JsonWriterOptions _writing = new()
    {
        Encoder = CloudEvent.Json.Encoder,
        SkipValidation = true,
    };

    // Safe per thread: a record is written out before its thread serializes another one.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _line;

    private volatile bool _isRefusing;
    private readonly IJournalSink<T> _sink;
    private readonly MigrationStatus _migrations;
    private readonly TimeProvider _time;
    private readonly ILogger<Journal<T>> _logger;
    private readonly long _maxBytes;
    private readonly string _folder;
    private readonly JournalFile _own;
    private readonly SemaphoreSlim _appended = new(0);
    private readonly Counter<long> _rejected;

    /// <summary>Opens the journal.</summary>
    /// <param name="sink">Stores and publishes the records.</param>
    /// <param name="location">The folder of the service's journals.</param>
    /// <param name="options">Limits the journal's size.</param>
    /// <param name="service">The service, whose meter reports the journal's metrics.</param>
    /// <param name="migrations">
    /// The migrations that create the sink's tables: until they are applied, every record would seem faulty.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Logs outages and rejected records.</param>
    /// <exception cref="IOException">The folder is not writable; the message names the setting.</exception>
    public Journal(
        IJournalSink<T> sink,
        JournalLocation location,
        IOptions<CogniForgeOptions> options,
        ServiceDescription service,
        MigrationStatus migrations,
        TimeProvider time,
        ILogger<Journal<T>> logger
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        (_sink, _migrations, _time, _logger) = (sink, migrations, time, logger);
        _maxBytes = options.Value.JournalMaxBytes;
        _folder = Path.Combine(location.Folder, Name);
        _own = JournalFile.OpenSlot(_folder);
        service.Meter.CreateObservableGauge(
            "cogniforge.journal.pending",
            () => new Measurement<long>(_own.Pending, new KeyValuePair<string, object?>("journal", Name)),
            "By",
            "Size of the records that wait in the journal"
        );
        _rejected = service.Meter.CreateCounter<long>(
            "cogniforge.journal.rejected",
            "{record}",
            "Records that can never be stored"
        );
    }

    /// <summary>The name in folders, metrics and <c>/health/details</c>, e.g. <c>request-log-entry</c>.</summary>
    internal static string Name { get; } = JsonNamingPolicy.KebabCaseLower.ConvertName(typeof(T).Name);

    /// <summary>Tries to write.</summary>
    /// <returns>Why the journal accepts no records; null: it does.</returns>
    internal string? FindFault()
    {
        try
        {
            _own.TryWrite();

            // A journal that was full has room again long before it is empty.
            return _isRefusing && _own.Pending > _maxBytes / 2 ? "The journal is full." : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The journal is not writable: {e.Message}";
        }
    }

    /// <summary>Appends a record. After the call returns, the record survives the end of the process.</summary>
    /// <param name="record">The record.</param>
    /// <exception cref="JournalFullException">The journal is full or not writable.</exception>
    public void Append(T record)
    {
        var line = _line is { Capacity: <= KeptLineBytes } kept ? kept : _line = new(1024);
        line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(line, _writing))
        {
            JsonSerializer.Serialize(json, record, CloudEvent.Json);
        }

        line.Write("\n"u8);
        try
        {
            _isRefusing = !_own.Append(line.WrittenSpan, _maxBytes);
            if (_isRefusing)
            {
                throw new JournalFullException();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotWritable(_logger, e);
            throw new JournalFullException("The journal is not writable; try again later.", e);
        }

        // One pending signal is enough: it means that records wait.
        if (_appended.CurrentCount == 0)
        {
            _appended.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _own.Dispose();
        _appended.Dispose();
    }

    /// <summary>Drains the journal into its sink until the service stops.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _migrations.Applied.WaitAsync(stoppingToken);
        await Task.Yield();
        var nextAdoption = _time.GetUtcNow();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DrainAsync(_own, stoppingToken);
                if (_time.GetUtcNow() >= nextAdoption)
                {
                    nextAdoption = _time.GetUtcNow() + _adoptInterval;
                    await AdoptAsync(stoppingToken);
                }

                await _appended.WaitAsync(_adoptInterval, stoppingToken);
                await Task.Delay(_batchDelay, _time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // A foreign cancellation is a timeout inside the sink.
                Log.Waiting(_logger, _own.Pending, e.Message);
                await Task.Delay(_retryDelay, _time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!_migrations.Applied.IsCompletedSuccessfully)
        {
            return;
        }

        try
        {
            await DrainAsync(_own, cancellationToken);
        }
        catch (Exception e)
        {
            // No loss: the next start replays the records.
            Log.Waiting(_logger, _own.Pending, e.Message);
        }
    }

    private async Task DrainAsync(JournalFile file, CancellationToken cancellationToken)
    {
        while (file.Peek(MaxBatchRecords, MaxBatchBytes) is { Count: > 0 } lines)
        {
            if (await TryWriteAsync(lines, cancellationToken) is null)
            {
                file.Advance(lines);
                continue;
            }

            // The content was refused: write line by line and set aside those refused alone.
            foreach (var line in lines)
            {
                if (await TryWriteAsync([line], cancellationToken) is { } refusal)
                {
                    _rejected.Add(1);
                    if (file.Reject(line, MaxRejectedBytes))
                    {
                        Log.Rejected(_logger, refusal);
                    }
                    else
                    {
                        Log.Dropped(_logger, refusal);
                    }
                }

                file.Advance([line]);
            }
        }
    }

    /// <summary>Writes lines; throws while the stores are unavailable.</summary>
    /// <returns>The error if the lines can never be stored; null if they are stored.</returns>
    private async Task<Exception?> TryWriteAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> lines,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await _sink.WriteAsync(
                [
                    .. lines.Select(l =>
                        JsonSerializer.Deserialize<T>(l.Span, CloudEvent.Json)
                        ?? throw new JsonException("The line is null.")
                    ),
                ],
                cancellationToken
            );
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException && !TransientFaults.IsOutage(e))
        {
            return e;
        }
    }

    /// <summary>Drains the folders of processes that ended with pending records and did not return.</summary>
    private async Task AdoptAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in Directory.EnumerateDirectories(_folder))
        {
            using var orphan = JournalFile.TryOpen(folder);
            if (orphan is not null)
            {
                await DrainAsync(orphan, cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.JournalWaiting, LogLevel.Warning, "{Bytes} bytes wait in the journal: {Reason}")]
        public static partial void Waiting(ILogger logger, long bytes, string reason);

        [LoggerMessage(
            EventIds.RecordRejected,
            LogLevel.Error,
            "A record can never be stored; it was moved to rejected.jsonl of its journal"
        )]
        public static partial void Rejected(ILogger logger, Exception exception);

        [LoggerMessage(
            EventIds.RecordDropped,
            LogLevel.Error,
            "A record can never be stored and is lost: rejected.jsonl of its journal is full"
        )]
        public static partial void Dropped(ILogger logger, Exception exception);

        [LoggerMessage(
            EventIds.JournalNotWritable,
            LogLevel.Error,
            "The journal is not writable; requests receive 503 until it is"
        )]
        public static partial void NotWritable(ILogger logger, Exception exception);
    }
}
