namespace CogniForge.Serving.Models;

/// <summary>The file of a version.</summary>
/// <param name="Digest"><c>sha256:</c> and its SHA-256 in hexadecimal digits.</param>
/// <param name="Bytes">Its size in bytes.</param>
internal sealed record ArtifactResponse(string Digest, long Bytes);
