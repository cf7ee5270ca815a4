namespace CogniForge.Serving.Tracking;

/// <summary>MLflow's stages of a version, which it has deprecated in favour of aliases.</summary>
internal static class MlflowStages
{
    public const string None = "None";
    public const string Archived = "Archived";
    private static readonly string[] _all = [None, "Staging", "Production", Archived];

    /// <summary>Reads a stage in any case.</summary>
    /// <exception cref="MlflowException">It is not a stage.</exception>
    public static string Read(string? stage) =>
        _all.FirstOrDefault(s => s.Equals(stage, StringComparison.OrdinalIgnoreCase))
        ?? throw MlflowException.Invalid(
            $"Invalid Model Version stage: {stage}. Value must be one of {string.Join(", ", _all)}."
        );
}
