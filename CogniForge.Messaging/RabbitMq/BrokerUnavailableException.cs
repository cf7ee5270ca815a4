using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Messaging.RabbitMq;

/// <summary>The broker is unreachable, did not confirm the event in time, refused it, or has no queue for it.</summary>
public sealed class BrokerUnavailableException : DependencyUnavailableException
{
    /// <summary>Creates the exception.</summary>
    public BrokerUnavailableException() { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    public BrokerUnavailableException(string message)
        : base(message) { }

    /// <inheritdoc/>
    public override string? Detail =>
        QueueFull ? "The queue of events is full; retry later."
        : NoQueue ? "RabbitMQ has no queue for the event yet; retry later."
        : MessageRefused ? "RabbitMQ refused an event, this one or one sent at the same time; retry once."
        : null;

    /// <summary>Whether the broker is available but has no queue for this event type.</summary>
    public bool NoQueue { get; init; }

    /// <summary>Whether the broker is available but refuses this event type for now because a queue is full.</summary>
    public bool QueueFull { get; init; }

    /// <summary>Whether the broker permanently refused a message: this one or one sent concurrently.</summary>
    public bool MessageRefused { get; init; }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The client library's exception.</param>
    public BrokerUnavailableException(string message, Exception innerException)
        : base(message, innerException) { }
}
