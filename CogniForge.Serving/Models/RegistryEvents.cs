using System.Diagnostics;
using CogniForge.Messaging;
using CogniForge.ServiceDefaults;

namespace CogniForge.Serving.Models;

/// <summary>
/// Creates the events of the registry. Each needs a consumer: RabbitMQ returns an event without a queue, and the outbox
/// keeps it.
/// </summary>
internal sealed class RegistryEvents(ServiceDescription service)
{
    /// <summary>The event of a version that begins to serve; none for another state.</summary>
    public IReadOnlyCollection<CloudEvent> Promoted(ModelVersion version) =>
        version.State != VersionState.Serving
            ? []
            :
            [
                CloudEvent.Create(
                    ModelPromoted.EventType,
                    service.EventSource,
                    version.UpdatedAt,
                    new ModelPromoted(
                        Guid.CreateVersion7(version.UpdatedAt),
                        version.UpdatedAt,
                        version.Name,
                        version.Version
                    ),
                    Activity.Current?.Id
                ),
            ];
}
