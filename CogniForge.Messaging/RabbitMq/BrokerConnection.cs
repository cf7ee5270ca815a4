using RabbitMQ.Client;

namespace CogniForge.Messaging.RabbitMq;

/// <summary>
/// A connection to the broker that is quickly opened and closed: the client's own clean-up takes many seconds when the
/// broker is silent.
/// </summary>
internal sealed class BrokerConnection : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly TimeSpan _closeTimeout;

    private BrokerConnection(IConnection connection, TimeSpan closeTimeout) =>
        (_connection, _closeTimeout) = (connection, closeTimeout);

    public IConnection Connection => _connection;

    /// <summary>Connects; the factory's time-outs end the attempt.</summary>
    public static async Task<BrokerConnection> OpenAsync(
        IConnectionFactory factory,
        string name,
        TimeSpan closeTimeout,
        CancellationToken cancellationToken
    )
    {
        // Not cancelled: the client then waits five more seconds, and leaves the socket open.
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
    /// Closes the connection and its channels. What a silent broker delays goes on aside, and ends with the read time-out.
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
