namespace CogniForge.Serving.Models;

/// <summary>The registry refuses a change; nothing was stored.</summary>
internal sealed class RegistryException(RegistryErrorKind kind, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public RegistryErrorKind Kind { get; } = kind;

    public static RegistryException UnknownModel(string name) =>
        new(RegistryErrorKind.NotFound, $"Model '{name}' does not exist.");

    public static RegistryException UnknownVersion(string name, int version) =>
        new(RegistryErrorKind.NotFound, $"Model '{name}' has no version '{version}'.");

    public static RegistryException UnknownAlias(string name, string alias) =>
        new(RegistryErrorKind.NotFound, $"Model '{name}' has no alias '{alias}'.");
}
