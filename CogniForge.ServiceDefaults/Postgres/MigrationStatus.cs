namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>Whether the service's tables are there. Background work waits for it.</summary>
public sealed class MigrationStatus
{
    private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when every migration has been applied; at once where there is no database.</summary>
    public Task Applied => _applied.Task;

    internal void SetApplied() => _applied.TrySetResult();
}
