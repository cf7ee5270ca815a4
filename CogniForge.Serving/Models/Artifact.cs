namespace CogniForge.Serving.Models;

/// <summary>The uploaded file of a version.</summary>
/// <param name="Id">The id under which an <c>IArtifactStore</c> keeps it.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal digits.</param>
/// <param name="Bytes">Its size in bytes.</param>
internal sealed record Artifact(Guid Id, string Sha256, long Bytes);
