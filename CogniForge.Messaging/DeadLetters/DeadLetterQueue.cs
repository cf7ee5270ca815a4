using System.Threading.Channels;
using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace CogniForge.Messaging.DeadLetters;

/// <summary>The messages of one subscription that could not be handled, and their way back.</summary>
internal sealed class DeadLetterQueue(
    Subscription subscription,
    IConnectionFactory factory,
    ServiceDescription service,
    TimeoutOptions timeouts
)
{
    /// <summary>The most messages that one call moves.</summary>
    public const int MaxMoved = 10_000;

    private const ushort Batch = 100;
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Moves the messages back to the subscription's queue, oldest first: those that are there now, so that one that dies again at once is not taken twice. A message leaves the dead letters
    /// when the broker has confirmed that the queue has it; when that fails in between it is in both, and its record's id tells that it is the same.
    /// </summary>
    /// <param name="cancellationToken">Gives up; what has been moved stays moved.</param>
    /// <returns>How many were moved, and how many of those that were there are left.</returns>
    /// <exception cref="BrokerUnavailableException">The broker cannot be reached, or the queue takes no more.</exception>
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
            throw new BrokerUnavailableException($"{subscription.Queue} does not take its dead letters back.", e);
        }
        catch (Exception e) when (RabbitMqPublisher.IsBrokerFault(e))
        {
            throw new BrokerUnavailableException($"The broker could not be reached: {e.Message}", e);
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

        // The channel ends with its connection: closing it alone would wait for an answer of a broker that may be silent.
        var channel = await opened.Connection.CreateChannelAsync(RabbitMqPublisher.Confirms, cancellationToken);
        var waiting = (int)await channel.MessageCountAsync(deadLetters, cancellationToken);
        var most = Math.Min(waiting, MaxMoved);

        // Consumed, not got one by one: a quorum queue whose channel is closed forgets acknowledgements of messages that were got.
        var letters = Channel.CreateBounded<Letter>(Batch);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, m) =>
            await letters.Writer.WriteAsync(
                new(m.DeliveryTag, WithoutDeath(m.BasicProperties), m.Body.ToArray()),
                cancellationToken
            );
        await channel.BasicQosAsync(0, Batch, global: false, cancellationToken);
        var tag = await channel.BasicConsumeAsync(deadLetters, autoAck: false, consumer, cancellationToken);
        var moved = 0;
        while (
            moved < most
            && await NextAsync(letters.Reader, Math.Min(Batch, most - moved), cancellationToken) is { Count: > 0 } batch
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

    /// <summary>What has arrived; nothing when somebody else has taken the rest.</summary>
    private static async Task<IReadOnlyList<Letter>> NextAsync(
        ChannelReader<Letter> letters,
        int most,
        CancellationToken cancellationToken
    )
    {
        var batch = new List<Letter>(most);
        try
        {
            batch.Add(await letters.ReadAsync(cancellationToken).AsTask().WaitAsync(_patience, cancellationToken));
        }
        catch (TimeoutException)
        {
            return batch;
        }

        while (batch.Count < most && letters.TryRead(out var letter))
        {
            batch.Add(letter);
        }

        return batch;
    }

    /// <summary>Its second life begins without what the broker noted of the first: the counted deliveries, the deaths.</summary>
    private static BasicProperties WithoutDeath(IReadOnlyBasicProperties properties) =>
        new(properties)
        {
            Headers = properties.Headers?.Where(h => !h.Key.StartsWith("x-", StringComparison.Ordinal)).ToDictionary(),
        };

    private sealed record Letter(ulong Tag, BasicProperties Properties, ReadOnlyMemory<byte> Body);
}
