namespace CogniForge.Serving.Models;

/// <summary>An immutable version of a model.</summary>
internal sealed record ModelVersion
{
    /// <summary>A UUID version 7, so ids sort by creation time.</summary>
    public Guid Id { get; }

    /// <summary>The model's name; see <see cref="ModelName"/>.</summary>
    public string Name { get; }

    /// <summary>The version number within the name, from 1; a decimal string in the Open Inference Protocol.</summary>
    public int Version { get; }

    /// <summary>What the version computes.</summary>
    public LogisticModel Definition { get; }

    /// <summary>When the version was registered, UTC.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>The kind of model that <see cref="Definition"/> is: the <c>kind</c> on the wire.</summary>
    public string Kind { get; } = LogisticModel.Kind;

    /// <summary>Creates a version from its stored values.</summary>
    /// <exception cref="ArgumentException">
    /// The name breaks <see cref="ModelName.Rule"/>, or the version is below 1.
    /// </exception>
    public ModelVersion(Guid id, string name, int version, LogisticModel definition, DateTimeOffset createdAt)
    {
        if (!ModelName.IsValid(name))
        {
            throw new ArgumentException($"A model's name {ModelName.Rule}.", nameof(name));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        (Id, Name, Version, Definition, CreatedAt) = (id, name, version, definition, createdAt.ToUniversalTime());
    }

    /// <summary>Creates a new version, with its time truncated to the microsecond, the precision of Postgres.</summary>
    /// <inheritdoc cref="ModelVersion(Guid, string, int, LogisticModel, DateTimeOffset)" path="/exception"/>
    public static ModelVersion Create(string name, int version, LogisticModel definition, DateTimeOffset now) =>
        new(
            Guid.CreateVersion7(now),
            name,
            version,
            definition,
            now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond))
        );
}
