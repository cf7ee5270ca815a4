using CogniForge.ServiceDefaults;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Shadows;

/// <summary>A version that gets copies of requests to its model.</summary>
/// <param name="Id">A UUID version 7, so ids sort by creation time.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version that gets the copies.</param>
/// <param name="SampleRate">The share of the requests that are copied, above 0, at most 1.</param>
/// <param name="Revision">Changes with every change: its entity tag.</param>
/// <param name="CreatedAt">When it was created, UTC.</param>
/// <param name="UpdatedAt">When it was last changed, UTC.</param>
internal sealed record Shadow(
    Guid Id,
    string Model,
    int Version,
    double SampleRate,
    Guid Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    /// <summary>The maximum number of shadows of a model.</summary>
    public const int MaxPerModel = 10;

    public static Shadow Create(string model, int version, double sampleRate, DateTimeOffset now) =>
        new(
            OrderedId.Create(now),
            model,
            version,
            sampleRate,
            Guid.CreateVersion7(now),
            StoredTime.Truncate(now),
            StoredTime.Truncate(now)
        );

    /// <summary>The shadow with another sample rate, and a new revision.</summary>
    public Shadow Change(double sampleRate, DateTimeOffset now) =>
        this with
        {
            SampleRate = sampleRate,
            Revision = Guid.CreateVersion7(now),
            UpdatedAt = StoredTime.Truncate(now),
        };
}
