using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>An attempt to publish an event.</summary>
/// <param name="Row">The event.</param>
/// <param name="Failure">The failure, or <see langword="null"/> if the broker confirmed the event.</param>
internal sealed record OutboxAttempt(OutboxRow Row, Exception? Failure)
{
    /// <summary>Whether the broker currently refuses every event of the type.</summary>
    public bool IsTypeRefused => Failure is BrokerUnavailableException e && (e.NoQueue || e.QueueFull);

    /// <summary>
    /// Whether the broker permanently refused a message; with several in flight, it is unknown which.
    /// </summary>
    public bool IsMessageRefused => Failure is BrokerUnavailableException { MessageRefused: true };

    /// <summary>Whether the broker or a handler's store is unavailable.</summary>
    public bool IsOutage =>
        Failure is not null && TransientFaults.IsOutage(Failure) && !IsTypeRefused && !IsMessageRefused;

    /// <summary>Whether the event itself causes the failure.</summary>
    public bool IsEventRefused => Failure is not null and not OperationCanceledException && !IsOutage && !IsTypeRefused;
}
