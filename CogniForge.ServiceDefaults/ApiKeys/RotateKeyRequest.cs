namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>A request for a new secret of a key.</summary>
/// <param name="GraceSeconds">For how long the old secret is still taken, in seconds, 0 to 604,800 (a week). Default: 0.</param>
public sealed record RotateKeyRequest(int? GraceSeconds = null)
{
    internal const int MaxGraceSeconds = 7 * 24 * 60 * 60;
}
