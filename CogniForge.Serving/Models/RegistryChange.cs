using CogniForge.Messaging;
using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.Serving.Models;

/// <summary>What one transaction stores.</summary>
/// <param name="Audit">The audit entry.</param>
/// <param name="Events">The events to publish after the commit.</param>
internal sealed record RegistryChange(AuditEntry Audit, IReadOnlyCollection<CloudEvent> Events)
{
    /// <summary>The model to add or update; null: unchanged.</summary>
    public RegisteredModel? Model { get; init; }

    /// <summary>The version to add or update; null: unchanged.</summary>
    public ModelVersion? Version { get; init; }

    /// <summary>The move of an alias; null: none.</summary>
    public AliasMove? Move { get; init; }

    /// <summary>The model to delete, with its versions, aliases and their history.</summary>
    public RegisteredModel? DeletedModel { get; init; }

    /// <summary>The version to delete.</summary>
    public ModelVersion? DeletedVersion { get; init; }
}
