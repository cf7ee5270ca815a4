namespace CogniForge.Serving.Experiments;

/// <summary>The units of a variant.</summary>
/// <param name="Name">The variant's name.</param>
/// <param name="Version">Its version of the model.</param>
/// <param name="Share">Its share, relative to the others.</param>
/// <param name="Units">The units that got it, and no other.</param>
internal sealed record VariantResult(string Name, int Version, double Share, long Units);
