using Dapper;
using Npgsql;
using OpenTelemetry;

namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>Claims a batch of the outbox, publishes it concurrently and deletes what the broker confirmed.</summary>
internal sealed class OutboxBatch(IEventPublisher publisher)
{
    // SKIP LOCKED keeps replicas off each other's rows. The time-out ends the claim of a replica that is frozen.
    private const string Claim = """
        SET LOCAL idle_in_transaction_session_timeout = '60s';
        SELECT id, type, source, occurred_at, trace_parent, data FROM outbox
        WHERE type <> ALL (@WithoutTypes) AND id <> ALL (@WithoutEvents)
        ORDER BY id LIMIT @Size FOR UPDATE SKIP LOCKED
        """;

    public async Task<OutboxBatchResult> DispatchAsync(
        NpgsqlConnection connection,
        OutboxBatchRequest request,
        CancellationToken stoppingToken
    )
    {
        IReadOnlyList<OutboxAttempt> attempts;
        bool hasMore;
        await using (var transaction = await connection.BeginTransactionAsync(stoppingToken))
        {
            var rows = (
                await connection.QueryAsync<OutboxRow>(
                    new CommandDefinition(Claim, request, transaction, cancellationToken: stoppingToken)
                )
            ).ToList();
            var firsts = new HashSet<string>(StringComparer.Ordinal);
            var tried = rows.Where(r => !request.RetriedTypes.Contains(r.Type) || firsts.Add(r.Type)).ToList();
            hasMore = rows.Count == request.Size || tried.Count < rows.Count;
            attempts = await PublishAsync(tried, request, stoppingToken);
            if (attempts.Where(a => a.Failure is null).Select(a => a.Row.Id).ToArray() is { Length: > 0 } published)
            {
                // Also when the service stops: what is confirmed must not be published again by the next start.
                await connection.ExecuteAsync(
                    "DELETE FROM outbox WHERE id = ANY (@published)",
                    new { published },
                    transaction
                );
                await transaction.CommitAsync(CancellationToken.None);
            }
        }

        // After the claim has ended: before, other replicas would find the rows locked.
        var leavesSome = hasMore || stoppingToken.IsCancellationRequested || attempts.Any(a => a.IsOutage);
        var result = new OutboxBatchResult(attempts, hasMore, IsAnnounced: request.Announce && leavesSome);
        if (result.IsAnnounced)
        {
            await OutboxListener.NotifyAsync(connection, request.Replica, CancellationToken.None);
        }

        return result;
    }

    /// <summary>Publishes all at once; when a message was refused, those of unknown fate again one by one.</summary>
    private async Task<IReadOnlyList<OutboxAttempt>> PublishAsync(
        List<OutboxRow> rows,
        OutboxBatchRequest request,
        CancellationToken cancellationToken
    )
    {
        var attempts = await Task.WhenAll(
            rows.Select(r => TryPublishAsync(r, request.IsRetried(r), cancellationToken))
        );
        Exception? outage = null;
        for (var i = 0; attempts.Length > 1 && i < attempts.Length; i++)
        {
            if (attempts[i].IsMessageRefused)
            {
                attempts[i] = outage is null
                    ? await TryPublishAsync(attempts[i].Row, isRetry: true, cancellationToken)
                    : new(attempts[i].Row, outage);
                outage = attempts[i].IsOutage ? attempts[i].Failure : outage;
            }
        }

        return attempts;
    }

    private async Task<OutboxAttempt> TryPublishAsync(OutboxRow row, bool isRetry, CancellationToken cancellationToken)
    {
        // One span tells of an event that cannot be published as much as one for each attempt.
        using var quiet = isRetry ? SuppressInstrumentationScope.Begin() : null;
        try
        {
            await publisher.PublishAsync(row.ToEvent(), cancellationToken);
            return new(row, null);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(row, new TimeoutException("A handler of the event ran into a time-out.", e));
        }
        catch (Exception e)
        {
            return new(row, e);
        }
    }
}
