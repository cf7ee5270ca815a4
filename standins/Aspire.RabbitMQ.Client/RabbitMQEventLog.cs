using System.Diagnostics.Tracing;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Hosting;

/// <summary>Writes what the client says through its event source to the log category <c>RabbitMQ.Client</c>.</summary>
internal sealed class RabbitMQEventLog(ILoggerFactory loggers) : EventListener
{
    // An initializer, not a constructor body: the base constructor already reports the sources that there are.
    private readonly ILogger _logger = loggers.CreateLogger("RabbitMQ.Client");

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "rabbitmq-client")
            EnableEvents(eventSource, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        var level = eventData.Level switch
        {
            EventLevel.Critical => LogLevel.Critical,
            EventLevel.Error => LogLevel.Error,
            EventLevel.Warning => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        if (eventData.EventId != -1 && eventData.Payload is [var message, ..] payload)
            _logger.Log(level, "{Message} {Detail}", message, payload is [_, IDictionary<string, object?> detail] ? detail["Message"] : null);
    }
}
