using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Messaging.RabbitMq;

/// <summary>The broker cannot be reached, did not confirm in time, or had no queue for the event.</summary>
public sealed class BrokerUnavailableException : DependencyUnavailableException
{
    /// <summary>Creates the exception.</summary>
    public BrokerUnavailableException() { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    public BrokerUnavailableException(string message)
        : base(message) { }

    /// <summary>Whether the broker is well and just has no queue for this type of event.</summary>
    public bool NoQueue { get; init; }

    /// <summary>Whether the broker is well and just refuses this type of event for now: a queue is full.</summary>
    public bool QueueFull { get; init; }

    /// <summary>Whether the broker refused a message for good: this one, or one sent beside it.</summary>
    public bool MessageRefused { get; init; }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The client library's exception.</param>
    public BrokerUnavailableException(string message, Exception innerException)
        : base(message, innerException) { }
}
