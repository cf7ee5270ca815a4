using System.Diagnostics;
using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>Publishes the events of the outbox: after each commit, on another replica's call, and by poll.</summary>
internal sealed partial class OutboxDispatcher(
    Database database,
    Outbox outbox,
    OutboxBatch batches,
    OutboxOptions options,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<OutboxDispatcher> logger
) : BackgroundService
{
    // Beyond that many single events in memory, their whole types wait.
    private const int MaxHeldEvents = 1_000;

    // An outage that lasts so many probes may be the event's fault: another one takes its turn.
    private const int MaxProbes = 10;

    private readonly Backoff<string> _types = new(options.RetryDelay, options.PollInterval, time);
    private readonly Backoff<Guid> _events = new(options.RetryDelay, options.PollInterval, time);
    private bool _hasAnnouncement;
    private bool _isRecovering;
    private int _failedProbes;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrations.Applied.WaitAsync(stoppingToken);

        // A round belongs to no request's trace.
        Activity.Current = null;
        while (true)
        {
            if (await TryDispatchAsync(stoppingToken))
            {
                var next = TimeSpan.FromTicks(Math.Min(_types.UntilNext().Ticks, _events.UntilNext().Ticks));
                await outbox.Signal.WaitAsync(next, time, stoppingToken);
            }
            else
            {
                // Signals do not cut the pause: a busy service would spin while the broker is away.
                await Task.Delay(options.RetryDelay, time, stoppingToken);
            }
        }
    }

    /// <summary>Publishes what can be published now.</summary>
    /// <returns>Whether Postgres and the broker answer.</returns>
    private async Task<bool> TryDispatchAsync(CancellationToken stoppingToken)
    {
        _hasAnnouncement |= outbox.Signal.TakeCommitted();
        try
        {
            OutboxBatchResult result;
            do
            {
                var request = NextRequest();
                result = await database.RunAsync(
                    connection => batches.DispatchAsync(connection, request, stoppingToken),
                    CancellationToken.None
                );
                stoppingToken.ThrowIfCancellationRequested();
                _hasAnnouncement &= !result.IsAnnounced;
                Note(result);
                if (result.Outage is { } outage)
                {
                    Log.Waiting(logger, outage.Message);
                    NoteOutage(result.Attempts[0].Row.Id);
                    return false;
                }

                if (result.Attempts.Count > 0)
                {
                    (_isRecovering, _failedProbes) = (false, 0);
                }
            } while (result.HasMore);

            _hasAnnouncement = false;
            return true;
        }
        catch (Exception e) when (TransientFaults.IsOutage(e))
        {
            Log.Waiting(logger, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            Log.Failed(logger, e);
        }

        return false;
    }

    private OutboxBatchRequest NextRequest() =>
        new(
            Size: _isRecovering ? 1 : options.BatchSize,
            _types.Waiting(),
            _events.Waiting(),
            _types.Due(),
            _events.Due(),
            IsRetry: _isRecovering,
            outbox.Replica,
            Announce: _hasAnnouncement
        );

    private void Note(OutboxBatchResult result)
    {
        foreach (var attempt in result.Attempts)
        {
            var (row, failure) = attempt;
            if (failure is null)
            {
                _types.Succeed(row.Type);
                _events.Succeed(row.Id);
            }
            else if (attempt.IsTypeRefused || (attempt.IsEventRefused && _events.Count >= MaxHeldEvents))
            {
                NoteType(row.Type, failure);
            }
            else if (attempt.IsEventRefused && _events.Fail(row.Id))
            {
                Log.EventHeld(logger, row.Id, row.Type, failure);
            }
        }
    }

    private void NoteOutage(Guid first)
    {
        if (_isRecovering && ++_failedProbes % MaxProbes == 0)
        {
            _events.Fail(first);
        }

        _isRecovering = true;
    }

    private void NoteType(string type, Exception failure)
    {
        // A batch fails a type once, however many of its events were in it.
        if (_types.Waiting().Contains(type) || !_types.Fail(type))
        {
            return;
        }

        if (failure is BrokerUnavailableException { NoQueue: true })
        {
            Log.Waiting(logger, failure.Message);
        }
        else
        {
            Log.TypeHeld(logger, type, failure.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(310, LogLevel.Debug, "The outbox waits: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);

        [LoggerMessage(311, LogLevel.Error, "The outbox could not be emptied; it is tried again")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(312, LogLevel.Warning, "Event {Id} of type {Type} cannot be published; it is tried again later")]
        public static partial void EventHeld(ILogger logger, Guid id, string type, Exception exception);

        [LoggerMessage(313, LogLevel.Warning, "Events of type {Type} cannot be published for now and stay: {Reason}")]
        public static partial void TypeHeld(ILogger logger, string type, string reason);
    }
}
