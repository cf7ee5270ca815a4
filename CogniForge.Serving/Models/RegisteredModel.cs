using CogniForge.ServiceDefaults;

namespace CogniForge.Serving.Models;

/// <summary>A model: what its versions have in common.</summary>
internal sealed record RegisteredModel
{
    /// <summary>A UUID version 7, so ids sort by creation time.</summary>
    public required Guid Id { get; init; }

    /// <summary>The unique name; see <see cref="ModelName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>A description for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>Free labels.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The highest version number given so far; numbers of deleted versions are not given again.</summary>
    public int LastVersion { get; init; }

    /// <summary>The newest version; null: the model has none.</summary>
    public int? LatestVersion { get; init; }

    /// <summary>The newest version that serves; null: none.</summary>
    public int? ServingVersion { get; init; }

    /// <summary>Its aliases, by name.</summary>
    public IReadOnlyList<ModelAlias> Aliases { get; init; } = [];

    /// <summary>Changes with every change of description and tags: its entity tag.</summary>
    public required Guid Revision { get; init; }

    /// <summary>When the model was registered, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When description, tags or the set of versions last changed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Creates a new model without versions.</summary>
    public static RegisteredModel Create(
        string name,
        string? description,
        IReadOnlyDictionary<string, string>? tags,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = OrderedId.Create(now),
            Name = name,
            Description = description ?? "",
            Tags = tags ?? new Dictionary<string, string>(),
            Revision = Guid.CreateVersion7(now),
            CreatedAt = StoredTime.Truncate(now),
            UpdatedAt = StoredTime.Truncate(now),
        };

    /// <summary>The model as changed now, with a new revision.</summary>
    public RegisteredModel Touch(DateTimeOffset now) =>
        this with
        {
            Revision = Guid.CreateVersion7(now),
            UpdatedAt = StoredTime.Truncate(now),
        };
}
