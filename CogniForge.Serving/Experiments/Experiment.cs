using CogniForge.ServiceDefaults;
using CogniForge.Serving.Models;
using CogniForge.Statistics.Experiments;

namespace CogniForge.Serving.Experiments;

/// <summary>A test of versions of one model.</summary>
internal sealed record Experiment
{
    /// <summary>A UUID version 7, so ids sort by creation time.</summary>
    public required Guid Id { get; init; }

    /// <summary>The unique name.</summary>
    public required string Name { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>What people decided.</summary>
    public required ExperimentSettings Settings { get; init; }

    /// <summary>The state.</summary>
    public ExperimentState State { get; init; }

    /// <summary>Why it was stopped; null: no reason was given.</summary>
    public string? StateReason { get; init; }

    /// <summary>The variant that was promoted; null: none.</summary>
    public string? Promoted { get; init; }

    /// <summary>Changes with every change that people make: its entity tag.</summary>
    public required Guid Revision { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it was first started, UTC; null: never.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Creates a draft.</summary>
    public static Experiment Create(string name, string model, ExperimentSettings settings, DateTimeOffset now) =>
        new()
        {
            Id = OrderedId.Create(now),
            Name = name,
            Model = model,
            Settings = settings,
            Revision = Guid.CreateVersion7(now),
            CreatedAt = StoredTime.Truncate(now),
            UpdatedAt = StoredTime.Truncate(now),
        };

    /// <summary>The experiment as changed now, with a new revision.</summary>
    public Experiment Touch(DateTimeOffset now) =>
        this with
        {
            Revision = Guid.CreateVersion7(now),
            UpdatedAt = StoredTime.Truncate(now),
        };

    /// <summary>The variant of a unit; null: it takes no part. The same in every replica and language.</summary>
    public ExperimentVariant? Assign(ExperimentUnit unit)
    {
        if (State != ExperimentState.Running || !Settings.Targeting.All(c => c.IsMet(unit)))
        {
            return null;
        }

        Span<double> shares = stackalloc double[Settings.Variants.Count];
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = Settings.Variants[i].Share;
        }

        var place = Bucketing.Hash(Settings.Salt, unit.Id);
        return Bucketing.Choose(place, shares, Settings.Coverage) is { } index ? Settings.Variants[index] : null;
    }
}
