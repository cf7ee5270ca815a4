using CogniForge.ServiceDefaults;

namespace CogniForge.Serving.Models;

/// <summary>A numbered version of a model. What it computes never changes; its state and its labels do.</summary>
internal sealed record ModelVersion
{
    private LogisticModel? _logistic;

    /// <summary>A UUID version 7, so ids sort by creation time.</summary>
    public required Guid Id { get; init; }

    /// <summary>The model's name; see <see cref="ModelName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The version number within the name, from 1; a decimal string in the Open Inference Protocol.</summary>
    public required int Version { get; init; }

    /// <summary>One of <see cref="ModelKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The inline definition as JSON; null: the version has none, or it was read in a list.</summary>
    public string? Definition { get; init; }

    /// <summary>Task, schema, endpoint, price and lineage.</summary>
    public required VersionDetails Details { get; init; }

    /// <summary>The tensors that it takes and returns.</summary>
    public ModelSchema Schema => Details.Schema ?? ModelSchema.Empty;

    /// <summary>The address of a remote model.</summary>
    public Uri? Endpoint => Details.Endpoint;

    /// <summary>The uploaded file; null: none yet.</summary>
    public Artifact? Artifact { get; init; }

    /// <summary>A description for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>Free labels.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The state in the life cycle.</summary>
    public VersionState State { get; init; }

    /// <summary>Why it is in this state; always set for failed versions.</summary>
    public string? StateReason { get; init; }

    /// <summary>MLflow's stage, independent of the state: None, Staging, Production or Archived.</summary>
    public string Stage { get; init; } = "None";

    /// <summary>Changes with every change of the version: its entity tag.</summary>
    public required Guid Revision { get; init; }

    /// <summary>When the version was registered, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The logistic regression of <see cref="Definition"/>, parsed once.</summary>
    /// <exception cref="InvalidOperationException">The version has another kind.</exception>
    public LogisticModel GetLogistic() =>
        _logistic ??= Kind == ModelKind.Logistic && Definition is not null
            ? LogisticDefinition.Read(Definition)
            : throw new InvalidOperationException($"{Name} {Version} is not a logistic model.");

    /// <summary>Creates a new version.</summary>
    /// <exception cref="ArgumentException">
    /// The name breaks <see cref="ModelName.Rule"/>, or the version is below 1.
    /// </exception>
    public static ModelVersion Create(
        string name,
        int version,
        string kind,
        string? definition,
        VersionDetails details,
        DateTimeOffset now
    )
    {
        if (!ModelName.IsValid(name))
        {
            throw new ArgumentException($"A model's name {ModelName.Rule}.", nameof(name));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        var at = StoredTime.Truncate(now);
        return new()
        {
            Id = OrderedId.Create(now),
            Name = name,
            Version = version,
            Kind = kind,
            Definition = definition,
            Details = details.Schema is null ? details with { Schema = ModelSchema.Derive(kind, definition) } : details,
            Revision = Guid.CreateVersion7(now),
            CreatedAt = at,
            UpdatedAt = at,
        };
    }

    /// <summary>Creates a new logistic version.</summary>
    /// <inheritdoc cref="Create(string, int, string, string, VersionDetails, DateTimeOffset)" path="/exception"/>
    public static ModelVersion Create(string name, int version, LogisticModel definition, DateTimeOffset now) =>
        Create(name, version, ModelKind.Logistic, LogisticDefinition.Write(definition), new(), now);

    /// <summary>The version as changed now, with a new revision.</summary>
    public ModelVersion Touch(DateTimeOffset now) =>
        this with
        {
            Revision = Guid.CreateVersion7(now),
            UpdatedAt = StoredTime.Truncate(now),
        };
}
