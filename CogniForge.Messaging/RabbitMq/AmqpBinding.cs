using System.Globalization;
using System.Text;
using RabbitMQ.Client;

namespace CogniForge.Messaging.RabbitMq;

/// <summary>
/// CloudEvents in AMQP binary mode: attributes are headers <c>cloudEvents:*</c>, data is the body. Source: CloudEvents
/// AMQP protocol binding 1.0, section 3.1.
/// </summary>
internal static class AmqpBinding
{
    private const string Prefix = "cloudEvents:";
    private const string TraceParent = "traceparent";

    public static BasicProperties ToProperties(CloudEvent e)
    {
        var headers = new Dictionary<string, object?>
        {
            [Prefix + "specversion"] = "1.0",
            [Prefix + "id"] = e.Id,
            [Prefix + "type"] = e.Type,
            [Prefix + "source"] = e.Source,
            [Prefix + "time"] = e.Time.ToString("O", CultureInfo.InvariantCulture),
        };
        if (e.TraceParent is not null)
        {
            headers[TraceParent] = e.TraceParent;
        }

        return new BasicProperties
        {
            MessageId = e.Id,
            Type = e.Type,
            ContentType = CloudEvent.DataContentType,
            DeliveryMode = DeliveryModes.Persistent,
            Headers = headers,
        };
    }

    /// <summary>Reads an event, which keeps the body: copy it if the client library reuses its memory.</summary>
    /// <exception cref="EventRejectedException">The message is not a CloudEvent.</exception>
    public static CloudEvent FromMessage(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        string Required(string attribute) =>
            Text(properties, Prefix + attribute)
            ?? throw new EventRejectedException($"The message has no header {Prefix}{attribute}.");

        return DateTimeOffset.TryParse(
            Required("time"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? new(
                Required("id"),
                Required("type"),
                Required("source"),
                time,
                body,
                Text(properties, TraceParent)
            )
            : throw new EventRejectedException($"The header {Prefix}time is not an RFC 3339 time.");
    }

    private static string? Text(IReadOnlyBasicProperties properties, string header) =>
        properties.Headers?.TryGetValue(header, out var value) == true
            ? value switch
            {
                byte[] bytes => Encoding.UTF8.GetString(bytes),
                string text => text,
                _ => null,
            }
            : null;
}
