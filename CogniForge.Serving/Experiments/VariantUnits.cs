namespace CogniForge.Serving.Experiments;

/// <summary>The units of a variant.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="Units">The units that got no other variant.</param>
internal sealed record VariantUnits(string Variant, long Units);
