using System.Diagnostics;
using System.Threading.Channels;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Postgres;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace CogniForge.Messaging.RabbitMq;

/// <summary>
/// Passes the messages of one queue to its handler in batches. While a store is unavailable it holds the batch, so an
/// outage counts against no message. A failing message is requeued up to its delivery limit; a rejected one is
/// dead-lettered at once.
/// </summary>
internal sealed partial class RabbitMqConsumer<THandler>(
    Subscription subscription,
    THandler handler,
    IConnectionFactory factory,
    ServiceDescription service,
    MigrationStatus migrations,
    TimeoutOptions timeouts,
    TimeProvider time,
    ILogger<RabbitMqConsumer<THandler>> logger
) : BackgroundService
    where THandler : IEventHandler
{
    private const ushort MaxBatch = 64;

    // A batch ends with the message that exceeds it: parsed and copied, a batch takes several times as much.
    private const int MaxBatchBytes = 1 << 20;
    private static readonly TimeSpan _retryDelay = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrations.Applied.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ConsumeAsync(stoppingToken);
            }
            catch (Exception e)
                when (RabbitMqPublisher.IsBrokerFault(e)
                    || (e is OperationCanceledException && !stoppingToken.IsCancellationRequested)
                )
            {
                Log.BrokerUnavailable(logger, subscription.Queue, e.Message);
                await Task.Delay(_retryDelay, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ConsumeAsync(CancellationToken stoppingToken)
    {
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await using var opened = await BrokerConnection.OpenAsync(
            factory,
            $"{service.Name} {subscription.Queue}",
            timeouts.RabbitMqConnect,
            stoppingToken
        );
        var connection = opened.Connection;
        foreach (var queue in await RabbitMqTopology.DeclareAsync(connection, subscription, stoppingToken))
        {
            Log.QueueMismatch(logger, queue);
        }

        // Disposing the connection closes it: closing it first would wait for a reply from a broker that may be silent.
        var channel = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
        await channel.BasicQosAsync(0, MaxBatch * 2, global: false, stoppingToken);

        channel.ChannelShutdownAsync += (_, _) => CancelAsync(closed);
        var deliveries = Channel.CreateBounded<Delivery>(MaxBatch * 2);
        var consumer = new AsyncEventingBasicConsumer(channel);

        // The broker cancels the consumer when the queue was deleted or moved. Reconnecting declares it again.
        consumer.UnregisteredAsync += (_, _) => CancelAsync(closed);
        consumer.ReceivedAsync += async (_, message) =>
            await deliveries.Writer.WriteAsync(
                new(message.DeliveryTag, message.BasicProperties, message.Body.ToArray()),
                closed.Token
            );
        await channel.BasicConsumeAsync(subscription.Queue, autoAck: false, consumer, stoppingToken);
        Log.Consuming(logger, subscription.Queue);

        var batch = new List<Delivery>(MaxBatch);
        while (await deliveries.Reader.WaitToReadAsync(closed.Token))
        {
            batch.Clear();
            var bytes = 0;
            while (
                batch.Count < MaxBatch
                && bytes < MaxBatchBytes
                && deliveries.Reader.TryRead(out var delivery)
            )
            {
                batch.Add(delivery);
                bytes += delivery.Body.Length;
            }

            await SettleAsync(channel, batch, closed.Token);
        }
    }

    private static async Task CancelAsync(CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The connection outlived its consumer because the broker was silent when it closed.
        }
    }

    /// <summary>
    /// Handles a batch. If it fails, handles each message alone, so that one bad message does not fail the others.
    /// </summary>
    private async Task SettleAsync(IChannel channel, IReadOnlyList<Delivery> batch, CancellationToken cancellationToken)
    {
        if (await HandleAsync(batch, cancellationToken) is not { } fault)
        {
            await channel.BasicAckAsync(batch[^1].Tag, multiple: true, cancellationToken);
        }
        else if (batch.Count > 1)
        {
            foreach (var delivery in batch)
            {
                await SettleAsync(channel, [delivery], cancellationToken);
            }
        }
        else
        {
            var rejected = fault is EventRejectedException;
            Log.Faulty(
                logger,
                subscription.Queue,
                batch[0].Properties.MessageId,
                rejected ? "goes to the dead letters" : "is requeued",
                fault
            );

            // Reject, not nack: since RabbitMQ 4.3 only a reject counts towards the delivery limit.
            await channel.BasicRejectAsync(batch[0].Tag, requeue: !rejected, cancellationToken);
        }
    }

    /// <summary>Handles a batch; retries while a store is unavailable.</summary>
    /// <returns>The error that the messages cause, or null if they were handled.</returns>
    private async Task<Exception?> HandleAsync(IReadOnlyList<Delivery> batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var events = batch.Select(d => AmqpBinding.FromMessage(d.Properties, d.Body)).ToList();
                using var activity = StartActivity(events);
                await handler.HandleAsync(events, cancellationToken);
                return null;
            }
            catch (Exception e)
                when (TransientFaults.IsOutage(e)
                    || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                )
            {
                // A foreign cancellation is a timeout inside the handler.
                Log.Paused(logger, subscription.Queue, e.Message);
                await Task.Delay(_retryDelay, time, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return e;
            }
        }
    }

    /// <summary>
    /// The span continues the first event's trace and links the others: a batch can have only one parent.
    /// </summary>
    private Activity? StartActivity(List<CloudEvent> events)
    {
        _ = ActivityContext.TryParse(events[0].TraceParent, null, isRemote: true, out var parent);
        var links = events
            .Skip(1)
            .Select(e => ActivityContext.TryParse(e.TraceParent, null, out var context) ? context : default)
            .Where(c => c != default && c.TraceId != parent.TraceId)
            .Select(c => new ActivityLink(c));
        var activity = service.ActivitySource.StartActivity(
            $"process {events[0].Type}",
            ActivityKind.Consumer,
            parent,
            MessagingTags.For(events[0]),
            links
        );
        activity?.SetTag("messaging.consumer.group.name", subscription.Queue);
        activity?.SetTag("messaging.batch.message_count", events.Count);
        return activity;
    }

    private sealed record Delivery(ulong Tag, IReadOnlyBasicProperties Properties, ReadOnlyMemory<byte> Body);

    private static partial class Log
    {
        [LoggerMessage(EventIds.Consuming, LogLevel.Information, "Consuming {Queue}")]
        public static partial void Consuming(ILogger logger, string queue);

        [LoggerMessage(
            EventIds.ConsumerBrokerUnavailable,
            LogLevel.Warning,
            "Queue {Queue}: the broker is unavailable: {Reason}"
        )]
        public static partial void BrokerUnavailable(ILogger logger, string queue, string reason);

        [LoggerMessage(
            EventIds.ConsumerPaused,
            LogLevel.Warning,
            "Queue {Queue}: paused, a store is unavailable: {Reason}"
        )]
        public static partial void Paused(ILogger logger, string queue, string reason);

        [LoggerMessage(EventIds.MessageFailed, LogLevel.Error, "Queue {Queue}: message {Id} failed and {Outcome}")]
        public static partial void Faulty(
            ILogger logger,
            string queue,
            string? id,
            string outcome,
            Exception exception
        );

        [LoggerMessage(
            EventIds.QueueMismatch,
            LogLevel.Warning,
            "Queue {Queue} exists with different arguments and keeps them; to update it, delete it while it is empty "
                + "and it is declared again"
        )]
        public static partial void QueueMismatch(ILogger logger, string queue);
    }
}
