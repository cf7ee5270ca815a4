using RabbitMQ.Client;

namespace CogniForge.Messaging.RabbitMq;

/// <summary>
/// A broker connection that opens and closes quickly: with a silent broker, the client's own cleanup takes many
/// seconds.
/// </summary>
internal sealed class BrokerConnection : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly TimeSpan _closeTimeout;

    private BrokerConnection(IConnection connection, TimeSpan closeTimeout) =>
        (_connection, _closeTimeout) = (connection, closeTimeout);

    public IConnection Connection => _connection;

    /// <summary>Connects; the factory's timeouts limit the attempt.</summary>
    public static async Task<BrokerConnection> OpenAsync(
        IConnectionFactory factory,
        string name,
        TimeSpan closeTimeout,
        CancellationToken cancellationToken
    )
    {
        // Not cancelled: on cancellation the client waits five more seconds and leaves the socket open.
        var connecting = factory.CreateConnectionAsync(name, CancellationToken.None);
        try
        {
            return new(await connecting.WaitAsync(cancellationToken), closeTimeout);
        }
        catch (OperationCanceledException)
        {
            _ = CloseLateAsync(connecting);
            throw;
        }
    }

    /// <summary>
    /// Closes the connection and its channels. If a silent broker delays this, it continues in the background until the
    /// read timeout.
    /// </summary>
    public async ValueTask DisposeAsync() =>
        await _connection
            .DisposeAsync()
            .AsTask()
            .WaitAsync(_closeTimeout)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async Task CloseLateAsync(Task<IConnection> connecting)
    {
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connecting.IsCompletedSuccessfully)
        {
            var late = await connecting;
            await late.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
