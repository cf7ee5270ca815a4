namespace CogniForge.Serving.Shadows;

/// <summary>A shadow.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version that gets the copies.</param>
/// <param name="SampleRate">The share of the requests that are copied.</param>
/// <param name="CreatedAt">When it was created, UTC.</param>
/// <param name="UpdatedAt">When it was last changed, UTC.</param>
internal sealed record ShadowResponse(
    string Model,
    int Version,
    double SampleRate,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    public static ShadowResponse From(Shadow shadow) =>
        new(shadow.Model, shadow.Version, shadow.SampleRate, shadow.CreatedAt, shadow.UpdatedAt);
}
