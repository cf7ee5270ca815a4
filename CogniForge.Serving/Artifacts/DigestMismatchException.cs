namespace CogniForge.Serving.Artifacts;

/// <summary>An uploaded file is not what its sender announced.</summary>
internal sealed class DigestMismatchException(string actual)
    : Exception($"The content has the digest sha256:{actual}.");
