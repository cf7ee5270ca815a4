using System.ComponentModel.DataAnnotations;

namespace CogniForge.Serving.Artifacts;

/// <summary>Where artefacts are kept (section <c>Artifacts</c>).</summary>
internal sealed class ArtifactOptions
{
    public const string SectionName = "Artifacts";

    /// <summary>
    /// The folder of the artefacts, the same for every replica, e.g. a shared volume. Default: they are kept in
    /// Postgres; without Postgres, in a temporary folder.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>The maximum size of an artefact in bytes, 1 or more. Default: 1 GiB.</summary>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; set; } = 1024L * 1024 * 1024;
}
