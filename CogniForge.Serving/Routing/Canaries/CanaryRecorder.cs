namespace CogniForge.Serving.Routing.Canaries;

/// <summary>Counts what both versions of a canary do in this replica during one step.</summary>
/// <param name="stepId">The id of the step.</param>
internal sealed class CanaryRecorder(Guid stepId)
{
    private long _usedAt;

    public Guid StepId => stepId;

    public VersionRecorder Stable { get; } = new();

    public VersionRecorder Canary { get; } = new();

    /// <summary>The timestamp at which a route last used it.</summary>
    public long UsedAt
    {
        get => Volatile.Read(ref _usedAt);
        set => Volatile.Write(ref _usedAt, value);
    }
}
