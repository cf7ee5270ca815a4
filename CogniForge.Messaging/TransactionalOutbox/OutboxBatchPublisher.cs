using Dapper;
using Npgsql;
using OpenTelemetry;

namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>Claims a batch of the outbox, publishes it concurrently and deletes the confirmed events.</summary>
internal sealed class OutboxBatchPublisher(IEventPublisher publisher)
{
    // SKIP LOCKED keeps replicas off each other's rows. The timeout ends the claim of a frozen replica.
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
            var attempted = rows.Where(r => !request.RetriedTypes.Contains(r.Type) || firsts.Add(r.Type)).ToList();
            hasMore = rows.Count == request.Size || attempted.Count < rows.Count;
            attempts = await PublishAsync(attempted, request, stoppingToken);
            if (attempts.Where(a => a.Failure is null).Select(a => a.Row.Id).ToArray() is { Length: > 0 } published)
            {
                // Also while the service stops: otherwise the next start would publish confirmed events again.
                await connection.ExecuteAsync(
                    "DELETE FROM outbox WHERE id = ANY (@published)",
                    new { published },
                    transaction
                );
                await transaction.CommitAsync(CancellationToken.None);
            }
        }

        // After the claim ends: until then, other replicas would find the rows locked.
        var leavesSome = hasMore || stoppingToken.IsCancellationRequested || attempts.Any(a => a.IsOutage);
        var result = new OutboxBatchResult(attempts, hasMore, IsAnnounced: request.Announce && leavesSome);
        if (result.IsAnnounced)
        {
            await OutboxListener.NotifyAsync(connection, request.Replica, CancellationToken.None);
        }

        return result;
    }

    /// <summary>
    /// Publishes all events concurrently. After a refused message, retries those of unknown outcome one by one.
    /// </summary>
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
        // One span per failing event is enough; retries create none.
        using var quiet = isRetry ? SuppressInstrumentationScope.Begin() : null;
        try
        {
            await publisher.PublishAsync(row.ToEvent(), cancellationToken);
            return new(row, null);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(row, new TimeoutException("A handler of the event timed out.", e));
        }
        catch (Exception e)
        {
            return new(row, e);
        }
    }
}
