using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace CogniForge.ServiceDefaults.Messaging;

/// <summary>
/// Publishes with confirms on one channel, which any number of callers share. A broken connection is replaced by the next call; what was under way on it counts as unpublished.
/// </summary>
internal sealed class RabbitMqPublisher(IConnectionFactory factory, ServiceDescription service) : IEventPublisher, IAsyncDisposable
{
    /// <summary>A channel on which a publish returns once the broker has confirmed it.</summary>
    internal static readonly CreateChannelOptions Confirms = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _connecting = new(1, 1);
    private IConnection? _connection;
    private IChannel? _channel;

    public async Task PublishAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        using var activity = StartActivity(cloudEvent);
        var traced = activity is null ? cloudEvent : cloudEvent with { TraceParent = activity.Id };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_timeout);
        try
        {
            var channel = await OpenAsync(deadline.Token);
            await channel.BasicPublishAsync(Topology.Exchange, cloudEvent.Type, mandatory: true, AmqpBinding.ToProperties(traced), cloudEvent.Data, deadline.Token);
        }
        catch (PublishException e)
        {
            var (type, isReturn) = (cloudEvent.Type, e.IsReturn);
            var message = isReturn ? $"No queue takes {type} yet." : $"The broker refused {type}.";
            throw new BrokerUnavailableException(Fail(activity, message), e)
            {
                NoQueue = isReturn,
                QueueFull = !isReturn,
            };
        }
        catch (OperationInterruptedException e) when (IsMessageRefused(e.ShutdownReason))
        {
            throw new BrokerUnavailableException(Fail(activity, $"The broker refused a message: {e.Message}"), e)
            {
                MessageRefused = true,
            };
        }
        catch (Exception e) when (IsBrokerFault(e))
        {
            throw new BrokerUnavailableException(Fail(activity, $"The broker could not be reached: {e.Message}"), e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BrokerUnavailableException(
                Fail(activity, $"The broker did not confirm {cloudEvent.Type} within {_timeout.TotalSeconds:0} s."), e);
        }
    }

    /// <summary>Makes sure that there is an open channel.</summary>
    /// <exception cref="BrokerUnavailableException">The broker cannot be reached.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await OpenAsync(cancellationToken);
        }
        catch (Exception e) when (IsBrokerFault(e))
        {
            throw new BrokerUnavailableException($"The broker could not be reached: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _connecting.Dispose();
    }

    /// <summary>Whether the client library says that the connection, not the call, is at fault.</summary>
    internal static bool IsBrokerFault(Exception e) =>
        e is RabbitMQClientException or IOException or System.Net.Sockets.SocketException or TimeoutException or ObjectDisposedException;

    private Activity? StartActivity(CloudEvent e) =>
        service.ActivitySource.StartActivity($"publish {e.Type}", ActivityKind.Producer, e.TraceParent ?? Activity.Current?.Id, MessagingTags.Of(e));

    private static string Fail(Activity? activity, string message)
    {
        activity?.SetStatus(ActivityStatusCode.Error, message);
        return message;
    }

    /// <summary>Whether the broker closed the channel because of a message; what was under way fails too.</summary>
    private static bool IsMessageRefused(ShutdownEventArgs? reason) => reason is
    {
        Initiator: ShutdownInitiator.Peer,
        ReplyCode: Constants.PreconditionFailed or Constants.ContentTooLarge,
    };

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true } open)
        {
            return open;
        }

        await _connecting.WaitAsync(cancellationToken);
        try
        {
            if (_channel is { IsOpen: true } opened)
            {
                return opened;
            }

            await CloseAsync();
            _connection = await factory.CreateConnectionAsync($"{service.Name} publisher", cancellationToken);
            var channel = await _connection.CreateChannelAsync(Confirms, cancellationToken);
            await Topology.DeclareExchangeAsync(channel, cancellationToken);
            return _channel = channel;
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async Task CloseAsync()
    {
        var connection = _connection;
        (_channel, _connection) = (null, null);
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }
}
