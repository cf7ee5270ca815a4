using CogniForge.Serving.Models;

namespace CogniForge.Serving.Experiments;

/// <summary>Why a change of an experiment is refused.</summary>
internal static class ExperimentErrors
{
    public static RegistryException Unknown(string name) =>
        new(RegistryErrorKind.NotFound, $"Experiment '{name}' does not exist.");

    public static RegistryException UnknownVariant(Experiment experiment, string? variant) =>
        new(RegistryErrorKind.NotFound, $"Experiment '{experiment.Name}' has no variant '{variant}'.");

    public static RegistryException AnotherRuns(string model) =>
        new(RegistryErrorKind.Conflict, $"Another experiment runs on model '{model}'; pause or stop it first.");

    public static RegistryException Conflict(string message) => new(RegistryErrorKind.Conflict, message);
}
