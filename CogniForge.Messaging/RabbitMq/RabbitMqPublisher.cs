using System.Diagnostics;
using CogniForge.ServiceDefaults;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace CogniForge.Messaging.RabbitMq;

/// <summary>
/// Publishes with confirms on one channel shared by all callers. The next call replaces a broken connection; messages
/// in flight on it count as unpublished.
/// </summary>
internal sealed class RabbitMqPublisher(IConnectionFactory factory, ServiceDescription service, TimeoutOptions timeouts)
    : IEventPublisher,
        IAsyncDisposable
{
    /// <summary>Options of a channel whose publishes return after the broker's confirm.</summary>
    internal static readonly CreateChannelOptions Confirms = new(
        publisherConfirmationsEnabled: true,
        publisherConfirmationTrackingEnabled: true
    );

    private readonly Lock _lock = new();
    private BrokerConnection? _connection;
    private volatile IChannel? _channel;
    private volatile bool _isDisposed;
    private Task<IChannel>? _opening;
    private Task _pinging = Task.CompletedTask;

    public async Task PublishAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        using var activity = StartActivity(cloudEvent);
        var traced = activity is null ? cloudEvent : cloudEvent with { TraceParent = activity.Id };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeouts.RabbitMqPublish);
        try
        {
            var channel = await OpenAsync().WaitAsync(deadline.Token);
            await channel.BasicPublishAsync(
                RabbitMqTopology.Exchange,
                cloudEvent.Type,
                mandatory: true,
                AmqpBinding.ToProperties(traced),
                cloudEvent.Data,
                deadline.Token
            );
        }
        catch (PublishException e)
        {
            var (type, isReturn) = (cloudEvent.Type, e.IsReturn);
            var message = isReturn ? $"No queue is bound to {type} yet." : $"The broker refused {type}.";
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
            throw new BrokerUnavailableException(Fail(activity, $"The broker is unreachable: {e.Message}"), e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            var timeout = timeouts.RabbitMqPublish.TotalSeconds;
            throw new BrokerUnavailableException(
                Fail(activity, $"The broker did not confirm {cloudEvent.Type} within {timeout:0.#} s."),
                e
            );
        }
    }

    /// <summary>Waits for a reply from the broker, on a new connection if the old one is broken.</summary>
    /// <exception cref="BrokerUnavailableException">The broker is unreachable.</exception>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Ping().WaitAsync(cancellationToken);
        }
        catch (Exception e)
            when (IsBrokerFault(e) || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new BrokerUnavailableException($"The broker is unreachable: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        await CloseAsync();
    }

    /// <summary>Whether the exception means a broken connection rather than an invalid call.</summary>
    internal static bool IsBrokerFault(Exception e) =>
        e
            is RabbitMQClientException
                or IOException
                or System.Net.Sockets.SocketException
                or TimeoutException
                or ObjectDisposedException;

    private Activity? StartActivity(CloudEvent e) =>
        service.ActivitySource.StartActivity(
            $"publish {e.Type}",
            ActivityKind.Producer,
            e.TraceParent ?? Activity.Current?.Id,
            MessagingTags.For(e)
        );

    private static string Fail(Activity? activity, string message)
    {
        activity?.SetStatus(ActivityStatusCode.Error, message);
        return message;
    }

    /// <summary>
    /// Whether the broker closed the channel because of a message; other messages in flight fail too.
    /// </summary>
    private static bool IsMessageRefused(ShutdownEventArgs? reason) =>
        reason
            is
        {
            Initiator: ShutdownInitiator.Peer,
            ReplyCode: Constants.PreconditionFailed or Constants.ContentTooLarge,
        };

    /// <summary>Shares one connection attempt between all callers; each waits up to its own deadline.</summary>
    private Task<IChannel> OpenAsync()
    {
        lock (_lock)
        {
            var isUsable = _opening is { IsCompleted: false } || _channel is { IsOpen: true };
            return isUsable ? _opening! : _opening = Task.Run(ConnectAsync);
        }
    }

    private async Task<IChannel> ConnectAsync()
    {
        // The first caller connects for all, so the attempt belongs to no trace.
        Activity.Current = null;
        _channel = null;
        _ = CloseAsync();
        var connection = await BrokerConnection.OpenAsync(
            factory,
            $"{service.Name} publisher",
            timeouts.RabbitMqConnect,
            CancellationToken.None
        );
        try
        {
            var channel = await connection.Connection.CreateChannelAsync(Confirms);
            await RabbitMqTopology.DeclareExchangeAsync(channel, CancellationToken.None);
            _connection = connection;
            _channel = channel;
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return channel;
        }
        catch
        {
            _ = connection.DisposeAsync().AsTask();
            throw;
        }
    }

    private Task Ping()
    {
        lock (_lock)
        {
            return _pinging.IsCompleted ? _pinging = ProbeAsync() : _pinging;
        }
    }

    /// <summary>
    /// Opens a channel, which needs a reply from the broker. The publishing channel would not survive a request without
    /// one.
    /// </summary>
    private async Task ProbeAsync()
    {
        await OpenAsync();
        if (_connection is { } connection)
        {
            await using var channel = await connection.Connection.CreateChannelAsync();
        }
    }

    private Task CloseAsync() =>
        Interlocked.Exchange(ref _connection, null)?.DisposeAsync().AsTask() ?? Task.CompletedTask;
}
