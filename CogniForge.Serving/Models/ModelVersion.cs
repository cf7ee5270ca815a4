namespace CogniForge.Serving.Models;

/// <summary>An immutable version of a model: what answers under a name and a number.</summary>
internal sealed record ModelVersion
{
    /// <summary>Identity: a UUID version 7, whose order is that of creation.</summary>
    public Guid Id { get; }

    /// <summary>The model's name, see <see cref="ModelName"/>.</summary>
    public string Name { get; }

    /// <summary>The number of this version within its name, from 1; on the Open Inference Protocol's wire its decimal digits.</summary>
    public int Version { get; }

    /// <summary>What the version computes.</summary>
    public LogisticModel Definition { get; }

    /// <summary>When the version was registered, in UTC.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>What sort of model <see cref="Definition"/> is: the <c>kind</c> on the wire.</summary>
    public string Kind { get; } = LogisticModel.Kind;

    /// <summary>A version as it was stored.</summary>
    /// <exception cref="ArgumentException">The name breaks <see cref="ModelName.Rule"/>, or the version is below 1.</exception>
    public ModelVersion(Guid id, string name, int version, LogisticModel definition, DateTimeOffset createdAt)
    {
        if (!ModelName.IsValid(name))
        {
            throw new ArgumentException($"A model's name {ModelName.Rule}.", nameof(name));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        (Id, Name, Version, Definition, CreatedAt) = (id, name, version, definition, createdAt.ToUniversalTime());
    }

    /// <summary>A version that is new at <paramref name="now"/>, to the microsecond: databases keep no more, and what is told of it now is what is read of it later.</summary>
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
