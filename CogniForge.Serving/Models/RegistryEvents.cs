using System.Diagnostics;
using CogniForge.Messaging;
using CogniForge.ServiceDefaults;

namespace CogniForge.Serving.Models;

/// <summary>Creates the events of the registry.</summary>
internal sealed class RegistryEvents(ServiceDescription service)
{
    public CloudEvent Registered(ModelVersion version) =>
        Create(VersionChanged.RegisteredEventType, version.CreatedAt, Describe(version, version.CreatedAt));

    /// <summary>The events of a move to the version's present state.</summary>
    public IEnumerable<CloudEvent> Moved(ModelVersion version)
    {
        yield return Create(VersionChanged.MovedEventType, version.UpdatedAt, Describe(version, version.UpdatedAt));
        if (version.State == VersionState.Serving)
        {
            yield return Promoted(version);
        }
    }

    public CloudEvent Promoted(ModelVersion version) =>
        Create(
            ModelPromoted.EventType,
            version.UpdatedAt,
            new ModelPromoted(
                Guid.CreateVersion7(version.UpdatedAt),
                version.UpdatedAt,
                version.Name,
                version.Version
            )
        );

    public CloudEvent Deleted(ModelVersion version, DateTimeOffset at) =>
        Create(VersionChanged.DeletedEventType, at, Describe(version, at));

    public CloudEvent Deleted(RegisteredModel model, DateTimeOffset at) =>
        Create(ModelDeleted.EventType, at, new ModelDeleted(Guid.CreateVersion7(at), at, model.Name));

    public CloudEvent Moved(AliasMove move) =>
        Create(
            AliasMoved.EventType,
            move.At,
            new AliasMoved(move.Id, move.At, move.Model, move.Alias, move.FromVersion, move.ToVersion)
        );

    private static VersionChanged Describe(ModelVersion version, DateTimeOffset at) =>
        new(
            Guid.CreateVersion7(at),
            at,
            version.Name,
            version.Version,
            VersionRow.Write(version.State),
            version.StateReason
        );

    private CloudEvent Create<T>(string type, DateTimeOffset at, T body) =>
        CloudEvent.Create(type, service.EventSource, at, body, Activity.Current?.Id);
}
