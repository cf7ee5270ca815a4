using System.Diagnostics;
using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>Publishes the outbox: after each commit, when another replica announces events, and by polling.</summary>
internal sealed partial class OutboxDispatcher(
    Database database,
    Outbox outbox,
    OutboxBatchPublisher batches,
    OutboxOptions options,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<OutboxDispatcher> logger
) : BackgroundService
{
    // Limits the failed events tracked individually; beyond it, whole types wait.
    private const int MaxHeldEvents = 1_000;

    // An outage over this many probes may be the event's fault, so another event takes its turn.
    private const int MaxProbes = 10;

    private readonly Backoff<string> _types = new(options.RetryDelay, options.PollInterval, time);
    private readonly Backoff<Guid> _events = new(options.RetryDelay, options.PollInterval, time);
    private bool _hasAnnouncement;
    private bool _isRecovering;
    private int _failedProbes;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrations.Applied.WaitAsync(stoppingToken);

        // A dispatch belongs to no request's trace.
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
                // Signals do not shorten this delay: a busy service would spin while the broker is unavailable.
                await Task.Delay(options.RetryDelay, time, stoppingToken);
            }
        }
    }

    /// <summary>Publishes all events that are ready.</summary>
    /// <returns>Whether Postgres and the broker are available.</returns>
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
                Record(result);
                if (result.Outage is { } outage)
                {
                    Log.Waiting(logger, outage.Message);
                    RecordOutage(result.Attempts[0].Row.Id);
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

    private void Record(OutboxBatchResult result)
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
                RecordTypeFailure(row.Type, failure);
            }
            else if (attempt.IsEventRefused && _events.Fail(row.Id))
            {
                Log.EventHeld(logger, row.Id, row.Type, failure);
            }
        }
    }

    private void RecordOutage(Guid first)
    {
        if (_isRecovering && ++_failedProbes % MaxProbes == 0)
        {
            _events.Fail(first);
        }

        _isRecovering = true;
    }

    private void RecordTypeFailure(string type, Exception failure)
    {
        // A batch counts as one failure of a type, whatever the number of its events.
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
        [LoggerMessage(EventIds.OutboxWaiting, LogLevel.Debug, "The outbox waits: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);

        [LoggerMessage(EventIds.OutboxFailed, LogLevel.Error, "Dispatching the outbox failed; it will be retried")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(
            EventIds.EventHeld,
            LogLevel.Warning,
            "Event {Id} of type {Type} cannot be published; it will be retried later"
        )]
        public static partial void EventHeld(ILogger logger, Guid id, string type, Exception exception);

        [LoggerMessage(
            EventIds.EventTypeHeld,
            LogLevel.Warning,
            "Events of type {Type} cannot be published for now and wait: {Reason}"
        )]
        public static partial void TypeHeld(ILogger logger, string type, string reason);
    }
}
