namespace CogniForge.ServiceDefaults.Overload;

/// <summary>Marks endpoints that respond under overload too, as probes must.</summary>
internal sealed class UnlimitedMetadata;
