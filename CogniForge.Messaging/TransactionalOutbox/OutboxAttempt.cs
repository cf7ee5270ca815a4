using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>An attempt to publish an event.</summary>
/// <param name="Row">The event.</param>
/// <param name="Failure">Why it failed; <see langword="null"/>: the broker confirmed the event.</param>
internal sealed record OutboxAttempt(OutboxRow Row, Exception? Failure)
{
    /// <summary>Whether no event of the type can be published now.</summary>
    public bool IsTypeRefused => Failure is BrokerUnavailableException e && (e.NoQueue || e.QueueFull);

    /// <summary>Whether a message was refused for good; beside others, it is not known which.</summary>
    public bool IsMessageRefused => Failure is BrokerUnavailableException { MessageRefused: true };

    /// <summary>Whether the broker, or a store of a handler, is away.</summary>
    public bool IsOutage =>
        Failure is not null && TransientFaults.IsOutage(Failure) && !IsTypeRefused && !IsMessageRefused;

    /// <summary>Whether the event itself is at fault.</summary>
    public bool IsEventRefused => Failure is not null and not OperationCanceledException && !IsOutage && !IsTypeRefused;
}
