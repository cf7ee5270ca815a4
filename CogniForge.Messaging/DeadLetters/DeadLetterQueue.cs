using System.Threading.Channels;
using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace CogniForge.Messaging.DeadLetters;

/// <summary>The dead letters of one subscription: messages whose handling failed, and their replay.</summary>
internal sealed class DeadLetterQueue(
    Subscription subscription,
    IConnectionFactory factory,
    ServiceDescription service,
    TimeoutOptions timeouts
)
{
    /// <summary>The maximum number of messages that one call moves.</summary>
    public const int MaxMoved = 10_000;

    private const ushort Batch = 100;
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _idleTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Moves the messages present now back to the subscription's queue, oldest first. Each leaves the dead letters
    /// after the broker confirms the queue has it; a failure in between leaves it in both, recognizable by its record's
    /// id.
    /// </summary>
    /// <param name="cancellationToken">Stops the replay; messages already moved stay moved.</param>
    /// <returns>The number of messages moved, and how many of those present at the start remain.</returns>
    /// <exception cref="BrokerUnavailableException">The broker is unreachable, or the queue is full.</exception>
    public async Task<(int Moved, int Left)> ReplayAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_timeout);
        try
        {
            return await MoveAsync(deadline.Token);
        }
        catch (PublishException e)
        {
            throw new BrokerUnavailableException($"{subscription.Queue} does not accept its dead letters.", e)
            {
                NoQueue = e.IsReturn,
                QueueFull = !e.IsReturn,
            };
        }
        catch (Exception e) when (RabbitMqPublisher.IsBrokerFault(e))
        {
            throw new BrokerUnavailableException($"The broker is unreachable: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BrokerUnavailableException(
                $"The dead letters of {subscription.Queue} were not moved within {_timeout.TotalSeconds:0} s.",
                e
            );
        }
    }

    private async Task<(int Moved, int Left)> MoveAsync(CancellationToken cancellationToken)
    {
        var deadLetters = RabbitMqTopology.GetDeadLetterQueue(subscription);
        await using var opened = await BrokerConnection.OpenAsync(
            factory,
            $"{service.Name} {deadLetters}",
            timeouts.RabbitMqConnect,
            cancellationToken
        );

        // Disposing the connection closes the channel: closing it first would wait for a reply from a broker that may
        // be silent.
        var channel = await opened.Connection.CreateChannelAsync(RabbitMqPublisher.Confirms, cancellationToken);
        var waiting = (int)await channel.MessageCountAsync(deadLetters, cancellationToken);
        var maxMessages = Math.Min(waiting, MaxMoved);

        // Consumes instead of basic.get: when a channel closes, a quorum queue forgets acknowledgements of messages
        // fetched by get.
        var letters = Channel.CreateBounded<Letter>(Batch);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, m) =>
            await letters.Writer.WriteAsync(
                new(m.DeliveryTag, WithoutBrokerHeaders(m.BasicProperties), m.Body.ToArray()),
                cancellationToken
            );
        await channel.BasicQosAsync(0, Batch, global: false, cancellationToken);
        var tag = await channel.BasicConsumeAsync(deadLetters, autoAck: false, consumer, cancellationToken);
        var moved = 0;
        while (
            moved < maxMessages
            && await ReadBatchAsync(letters.Reader, Math.Min(Batch, maxMessages - moved), cancellationToken)
                is { Count: > 0 } batch
        )
        {
            await Task.WhenAll(
                batch.Select(l =>
                    channel
                        .BasicPublishAsync(
                            "",
                            subscription.Queue,
                            mandatory: true,
                            l.Properties,
                            l.Body,
                            cancellationToken
                        )
                        .AsTask()
                )
            );
            await channel.BasicAckAsync(batch[^1].Tag, multiple: true, cancellationToken);
            moved += batch.Count;
        }

        await channel.BasicCancelAsync(tag, noWait: false, cancellationToken);
        return (moved, waiting - moved);
    }

    /// <summary>Reads the messages that have arrived; none if another consumer has taken the rest.</summary>
    private static async Task<IReadOnlyList<Letter>> ReadBatchAsync(
        ChannelReader<Letter> letters,
        int maxMessages,
        CancellationToken cancellationToken
    )
    {
        var batch = new List<Letter>(maxMessages);
        try
        {
            batch.Add(await letters.ReadAsync(cancellationToken).AsTask().WaitAsync(_idleTimeout, cancellationToken));
        }
        catch (TimeoutException)
        {
            return batch;
        }

        while (batch.Count < maxMessages && letters.TryRead(out var letter))
        {
            batch.Add(letter);
        }

        return batch;
    }

    /// <summary>Removes the broker's own headers (delivery count, deaths), so that the message starts anew.</summary>
    private static BasicProperties WithoutBrokerHeaders(IReadOnlyBasicProperties properties) =>
        new(properties)
        {
            Headers = properties.Headers?.Where(h => !h.Key.StartsWith("x-", StringComparison.Ordinal)).ToDictionary(),
        };

    private sealed record Letter(ulong Tag, BasicProperties Properties, ReadOnlyMemory<byte> Body);
}
